# Sourced by mvnw and ingam: sets and exports JAVA_HOME to a JDK 25 or newer, or says how to get one and exits 1.
# Order: JAVA_HOME, the java in PATH, then the usual folders of Linux and macOS. POSIX sh.

ingam_jdk_min=25

# Prints the feature version of the JDK in folder $1 (17, 25, ...); nothing when it is no JDK.
ingam_jdk_feature() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  ingam_v=
  if [ -r "$1/release" ]; then
    ingam_v=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release" | head -n 1)
  fi
  if [ -z "$ingam_v" ]; then
    ingam_v=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\{0,1\}\([0-9][0-9]*\).*/\1/p' | head -n 1)
  fi
  printf '%s' "$ingam_v"
}

ingam_jdk_ok() {
  [ -n "$1" ] || return 1
  ingam_f=$(ingam_jdk_feature "$1")
  [ -n "$ingam_f" ] && [ "$ingam_f" -ge "$ingam_jdk_min" ]
}

# Prints the home of the java in PATH, through its symbolic links.
ingam_jdk_in_path() {
  ingam_p=$(command -v java 2>/dev/null) || return 0
  while [ -L "$ingam_p" ]; do
    ingam_l=$(readlink "$ingam_p") || return 0
    case $ingam_l in
      /*) ingam_p=$ingam_l ;;
      *) ingam_p=$(dirname "$ingam_p")/$ingam_l ;;
    esac
  done
  (cd "$(dirname "$ingam_p")/.." 2>/dev/null && pwd -P) || return 0
}

ingam_find_jdk() {
  ingam_jdk_ok "${JAVA_HOME:-}" && return 0
  JAVA_HOME=$(ingam_jdk_in_path)
  ingam_jdk_ok "$JAVA_HOME" && return 0
  for JAVA_HOME in /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* /usr/local/openjdk-* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    ingam_jdk_ok "$JAVA_HOME" && return 0
  done
  if [ -x /usr/libexec/java_home ]; then
    JAVA_HOME=$(/usr/libexec/java_home -v "$ingam_jdk_min+" 2>/dev/null || true)
    ingam_jdk_ok "$JAVA_HOME" && return 0
  fi
  return 1
}

if ! ingam_find_jdk; then
  {
    echo "Ingam needs a JDK $ingam_jdk_min or newer and found none. Get one: Eclipse Temurin, https://adoptium.net/temurin/releases/?version=$ingam_jdk_min"
    echo "or a package: apt install openjdk-25-jdk | dnf install java-25-openjdk-devel | brew install openjdk@25 | sdk install java 25-tem"
    echo "If it is installed in an unusual place: export JAVA_HOME=/path/to/jdk-25"
  } >&2
  exit 1
fi
export JAVA_HOME
