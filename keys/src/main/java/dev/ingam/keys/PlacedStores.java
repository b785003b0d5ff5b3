package dev.ingam.keys;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The stores of an installation that has several places for them. A new one is made in the first
/// place with room; each domain stays where it was made.
public final class PlacedStores implements SigningStores {
  private final List<StorePlace> places;
  private final List<StorePlace> closed;

  /// @param places in the order in which they fill
  /// @param closed those among them that get no new store
  public PlacedStores(List<? extends StorePlace> places, List<? extends StorePlace> closed) {
    this.places = List.copyOf(places);
    this.closed = List.copyOf(closed);
  }

  @Override
  public Set<String> domains() {
    var domains = new TreeSet<String>();
    places.forEach(place -> domains.addAll(place.domains()));
    return domains;
  }

  @Override
  public SigningStore create(String domain) {
    var there = placeOf(domain);
    if (there != null) {
      return there.create(domain);
    }
    for (var place : places) {
      if (!closed.contains(place) && place.hasRoom()) {
        return place.create(domain);
      }
    }
    throw new KeysException(
        KeysException.Code.NO_ROOM,
        "expected a place for the store of "
            + domain
            + " among "
            + places
            + "; each bears keys or is condemned; add one to ingam.keys.stores");
  }

  @Override
  public SigningStore open(String domain) {
    var there = placeOf(domain);
    if (there == null) {
      throw new KeysException(
          KeysException.Code.STORE_DAMAGED,
          "expected the store of " + domain + " in one of " + places + "; it is not there");
    }
    return there.open(domain);
  }

  @Override
  public Set<String> renewMasterKeys() {
    var renewed = new TreeSet<String>();
    places.forEach(place -> renewed.addAll(place.renewMasterKeys()));
    return renewed;
  }

  @Override
  public Map<String, String> troubles() {
    var troubles = new TreeMap<String, String>();
    places.forEach(place -> troubles.putAll(place.troubles()));
    return troubles;
  }

  @Override
  public void discard(String domain) {
    var there = placeOf(domain);
    if (there != null) {
      there.discard(domain);
    }
  }

  @Override
  public void abandon(String domain) {
    var there = placeOf(domain);
    if (there != null) {
      there.abandon(domain);
    }
  }

  private @Nullable StorePlace placeOf(String domain) {
    for (var place : places) {
      if (place.domains().contains(domain)) {
        return place;
      }
    }
    return null;
  }
}
