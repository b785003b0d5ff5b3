package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.server.door.ListenerName;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Metrics of a whole server, and what the documents say of them.
class MetricsServerTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern NAME = Pattern.compile("\\b(?:ingam|jvm)_[a-z_]+");
  private static final Pattern ALARM_RULE =
      Pattern.compile("ingam_alarms\\{code(=~|!~)\"([^\"]*)\"} > 0");

  @TempDir static Path folder;
  private static TestServer server;
  private static String metrics;
  private static String root;
  private static String secret;
  private static String scrape;

  /// A token, a good and a bad question of the gate, an alarm: then every metric has a series.
  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start(folder);
    var secrets = server.bean(Installation.class).secretsDir();
    metrics = Files.readString(secrets.resolve("metrics-credential")).strip();
    root = Files.readString(secrets.resolve("root-credential")).strip();
    secret = server.client("till", ClientRight.CLIENT_CREDENTIALS, false, Set.of("read"));
    server.clientToken("till", secret);
    assertThat(gate("x.y.z").statusCode()).isEqualTo(401);
    lowerTrust();
    scrape = get(metrics).body();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> get(String credential) {
    return call("GET", "/metrics", credential);
  }

  private static HttpResponse<String> call(String method, String path, String credential) {
    return server.send(
        server
            .request(ListenerName.ADMIN, path)
            .header("Authorization", "Bearer " + credential)
            .method(method, BodyPublishers.noBody()));
  }

  private static HttpResponse<String> gate(String token) {
    return server.send(
        server
            .request(ListenerName.INTERNAL, "/gate")
            .header("Authorization", "Bearer " + token)
            .header("X-Original-Method", "GET")
            .header("X-Original-URI", "/orders"));
  }

  private static void lowerTrust() {
    var body =
        "{\"audience\":\"shop\",\"data\":\"internal\",\"trust\":\"observe\",\"why\":\"test\"}";
    var answer =
        server.send(
            server
                .request(ListenerName.ADMIN, "/admin/audiences")
                .header("Authorization", "Bearer " + root)
                .header("Content-Type", "application/json")
                .method("PUT", BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void scrape_isPrometheusText() {
    var answer = get(metrics);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(value("ingam_tokens_issued_total")).isEqualTo(1);
    assertThat(value("ingam_issuing")).isEqualTo(1);
    assertThat(value("ingam_alarms{code=\"trust_lowered\"}")).isEqualTo(1);
    assertThat(value("ingam_verdicts_total{door=\"gate\",verdict=\"malformed\"}")).isEqualTo(1);
    assertThat(
            value("ingam_requests_total{door=\"/gate\",listener=\"internal\",outcome=\"refused\"}"))
        .isEqualTo(1);
    assertThat(value("ingam_keys{purpose=\"access-token\",set=\"access\",state=\"active\"}"))
        .isEqualTo(1);
    assertThat(value("ingam_ledger_books{condition=\"open\"}")).isEqualTo(1);
  }

  @Test
  void counters_grow() {
    server.clientToken("till", secret);
    var before = number(get(metrics).body(), "ingam_tokens_issued_total");
    server.clientToken("till", secret);
    assertThat(number(get(metrics).body(), "ingam_tokens_issued_total")).isEqualTo(before + 1);
  }

  @Test
  void rootCredential_readsMetricsToo() {
    assertThat(get(root).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "ingam_metrics_0000000000000000000000000000000000000000000"})
  void metrics_withAnotherCredential(String credential) {
    var answer = get(credential);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("in the file metrics-credential");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin/status",
        "/admin/keys",
        "/admin/events",
        "/v3/api-docs",
        "/",
        "/metrics/",
        "/metrics/..",
        "/metrics/../admin/status",
        "/metrics;/../admin/status",
        "/%6detrics",
        "//metrics",
        "/metrics/admin/status"
      })
  void metricsCredential_readsNothingElse(String path) {
    assertThat(call("GET", path, metrics).statusCode()).isBetween(400, 401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void metricsCredential_onlyReads(String method) {
    assertThat(call(method, "/metrics", metrics).statusCode()).isEqualTo(401);
    assertThat(call(method, "/metrics", root).statusCode()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUBLIC", "INTERNAL"})
  void otherListeners_haveNoMetrics(ListenerName listener) {
    var answer =
        server.send(
            server.request(listener, "/metrics").header("Authorization", "Bearer " + metrics));
    assertThat(answer.statusCode()).isEqualTo(404);
  }

  @Test
  void labels_nameNobody() {
    assertThat(scrape).doesNotContain("till").doesNotContain(secret).doesNotContain("shop");
    for (var key : server.bean(KeyLifecycle.class).list()) {
      assertThat(scrape).doesNotContain(key.kid());
    }
  }

  @Test
  void table_isTheScrape() throws IOException {
    var documented =
        Pattern.compile("(?m)^\\| `(ingam_[a-z_]+)` \\|")
            .matcher(Files.readString(DOCS.resolve("spec/metrics.md")))
            .results()
            .map(found -> found.group(1))
            .toList();
    var ours = scraped().stream().filter(name -> name.startsWith("ingam_")).toList();
    assertThat(documented)
        .as("docs/spec/metrics.md has a row for each metric that a scrape shows, and no other")
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(ours);
  }

  @Test
  void labelsOfTheTable_areTheLabels() throws IOException {
    var rows =
        Pattern.compile("(?m)^\\| `(ingam_[a-z_]+)` \\| ([^|]*) \\|")
            .matcher(Files.readString(DOCS.resolve("spec/metrics.md")))
            .results()
            .toList();
    assertThat(rows).isNotEmpty().allSatisfy(MetricsServerTest::hasItsLabels);
  }

  private static void hasItsLabels(MatchResult row) {
    var sample =
        scrape.lines().filter(line -> line.matches(row.group(1) + "[{ ].*")).findFirst().orElse("");
    assertThat(names("([a-z_]+)=\"", sample))
        .as("labels of " + row.group(1))
        .isEqualTo(names("`([a-z_]+)`", row.group(2)));
  }

  private static Set<String> names(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingam-alerts.yml", "ingam-dashboard.json"})
  void rulesAndDashboard_nameMetricsThatExist(String file) throws IOException {
    var text = expressions(Files.readString(DOCS.resolve("watch").resolve(file)));
    var named = NAME.matcher(text).results().map(MatchResult::group).distinct().toList();
    assertThat(named).hasSizeGreaterThan(4).isSubsetOf(scraped());
  }

  /// Without label values: codes look like names.
  private static String expressions(String text) {
    return text.lines()
        .filter(line -> line.contains("expr"))
        .map(line -> line.replaceAll("[=!]~?\\\\?\"[^\"]*\"", ""))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void dashboard_isWhole() throws IOException {
    var dashboard =
        new JsonMapper().readTree(Files.readString(DOCS.resolve("watch/ingam-dashboard.json")));
    var panels = dashboard.path("panels");
    assertThat(panels.size()).isGreaterThan(10);
    assertThat(panels)
        .allSatisfy(panel ->
            assertThat(panel.path("targets").get(0).path("expr").asString()).contains("_"));
    assertThat(panels.valueStream().map(panel -> panel.path("id").asInt()).toList())
        .doesNotHaveDuplicates();
    assertThat(panels.valueStream().map(JsonNode::toString)).doesNotHaveDuplicates();
  }

  @Test
  void rules_linkPagesThatExist() throws IOException {
    assertThat(rules())
        .hasSizeGreaterThan(5)
        .allSatisfy(rule -> {
          assertThat(labels(rule, "labels").get("severity")).isIn("critical", "warning");
          var annotations = labels(rule, "annotations");
          assertThat(annotations.get("summary")).isNotBlank();
          var page = annotations.get("runbook");
          assertThat(page).startsWith("docs/runbook/");
          if (!page.contains("$labels.code")) {
            assertThat(Path.of("..", page)).exists();
          }
        });
  }

  @Test
  void everyCode_isCarriedByOneRule() throws IOException {
    var alarmRules = rules().stream().filter(rule -> expr(rule).contains("ingam_alarms")).toList();
    try (var pages = Files.list(DOCS.resolve("runbook"))) {
      var codes =
          pages
              .map(page -> page.getFileName().toString().replace(".md", ""))
              .filter(code -> !code.equals("README"))
              .toList();
      assertThat(codes)
          .isNotEmpty()
          .allSatisfy(code ->
              assertThat(alarmRules.stream().filter(rule -> matches(rule, code)))
                  .as("rules of docs/watch/ingam-alerts.yml for " + code)
                  .hasSize(1));
      assertThat(alarmRules.stream().flatMap(MetricsServerTest::named).distinct())
          .as("codes that docs/watch/ingam-alerts.yml names")
          .isSubsetOf(codes);
    }
  }

  private static boolean matches(Map<String, Object> rule, String code) {
    var found = ALARM_RULE.matcher(expr(rule));
    assertThat(found.matches()).as(expr(rule)).isTrue();
    return found.group(1).equals("=~") == code.matches(found.group(2));
  }

  private static Stream<String> named(Map<String, Object> rule) {
    var found = ALARM_RULE.matcher(expr(rule));
    assertThat(found.matches()).as(expr(rule)).isTrue();
    return Stream.of(found.group(2).split("\\|"));
  }

  private static String expr(Map<String, Object> rule) {
    return String.valueOf(rule.get("expr"));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> rules() throws IOException {
    Map<String, Object> file =
        new Yaml().load(Files.readString(DOCS.resolve("watch/ingam-alerts.yml")));
    var groups = (List<Map<String, Object>>) file.get("groups");
    return groups.stream()
        .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
        .toList();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> labels(Map<String, Object> rule, String name) {
    return (Map<String, String>) rule.get(name);
  }

  /// The names of all series.
  private static Set<String> scraped() {
    return scrape
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static double value(String series) {
    return number(scrape, series);
  }

  private static double number(String text, String series) {
    return text.lines()
        .filter(line -> line.startsWith(series + " "))
        .map(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + series + " in\n" + text));
  }
}
