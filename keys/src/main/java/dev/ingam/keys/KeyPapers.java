package dev.ingam.keys;

/// What a birth certificate says beside what stands in the key's own row.
///
/// @param policy of its set when it was made
/// @param event the number of its event `key.prepared`
public record KeyPapers(KeyOrigin origin, KeyPolicy policy, long event) {}
