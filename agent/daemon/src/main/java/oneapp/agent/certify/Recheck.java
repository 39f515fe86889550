package oneapp.agent.certify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.SignedCertificate.Basis;
import oneapp.agent.certify.compare.ReferenceDatabase;
import oneapp.agent.certify.compare.ReferenceRow;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.Text;
import tools.jackson.databind.JsonNode;

/** Judges a signed certificate's raw data again and compares every figure. */
public final class Recheck {
  /** Sums and logarithms may differ in the last digits between machines. */
  private static final double SAME = 1e-9;

  private Recheck() {}

  /**
   * The certificate that the raw data gives, by the limits, row and price of the signed one.
   *
   * @throws IllegalArgumentException when the data cannot be judged
   */
  public static Certificate judgedAgain(Certificate signed, Basis basis, BenchmarkResult result) {
    return Certifier.certify(
        result,
        signed.evidence(),
        limits(signed),
        basis.references(),
        required(signed),
        basis.price());
  }

  private static Slo.Table limits(Certificate signed) {
    return new Slo.Table(signed.useCases().values().stream().map(UseCase::limits).toList());
  }

  private static Set<String> required(Certificate signed) {
    return signed.useCases().values().stream()
        .filter(UseCase::required)
        .map(useCase -> useCase.limits().name())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Every value in which two certificates differ, by its path; nothing when they agree. */
  public static List<String> differences(Certificate signed, Certificate again) {
    List<String> found = new ArrayList<>();
    compare(CanonicalJson.tree(signed), CanonicalJson.tree(again), "", found);
    return List.copyOf(found);
  }

  private static void compare(JsonNode signed, JsonNode again, String at, List<String> found) {
    if (signed.isObject() && again.isObject()) {
      Set<String> names = new TreeSet<>();
      signed.properties().stream().map(Map.Entry::getKey).forEach(names::add);
      again.properties().stream().map(Map.Entry::getKey).forEach(names::add);
      names.forEach(name -> compare(signed.path(name), again.path(name), at + "/" + name, found));
    } else if (signed.isArray() && again.isArray() && signed.size() == again.size()) {
      for (int i = 0; i < signed.size(); i++) {
        compare(signed.path(i), again.path(i), at + "/" + i, found);
      }
    } else if (signed.isNumber() && again.isNumber()) {
      double one = signed.asDouble();
      double other = again.asDouble();
      if (Math.abs(one - other) > SAME * Math.max(Math.abs(one), Math.abs(other))) {
        found.add(sentence(at, signed, again));
      }
    } else if (!signed.equals(again)) {
      found.add(sentence(at, signed, again));
    }
  }

  private static String sentence(String at, JsonNode signed, JsonNode again) {
    return Text.format("%s is %s, the data gives %s", at, shown(signed), shown(again));
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode()
        ? "absent"
        : value.isContainer() ? value.size() + " values" : value.toString();
  }

  /**
   * The rules by which the certificate was judged and that differ from those given. A further row
   * that stands behind the others is no difference: a site may have rows of its own, and a result
   * is compared with the first that fits.
   */
  public static List<String> otherCriteria(
      Certificate signed, Basis basis, Slo.Table slos, ReferenceDatabase references) {
    List<String> found = new ArrayList<>();
    for (Slo slo : slos.slos()) {
      Slo used = limits(signed).find(slo.name()).orElse(null);
      if (used == null || !used.hasLimitsOf(slo)) {
        found.add(Text.format("the limits of %s are not those of this agent", slo.name()));
      }
    }
    limits(signed).slos().stream()
        .filter(used -> slos.find(used.name()).isEmpty())
        .forEach(used -> found.add("this agent knows no use case " + used.name()));
    List<ReferenceRow> own = references.of(signed.evidence());
    List<ReferenceRow> used = basis.references().rows();
    for (ReferenceRow row : own) {
      if (!used.contains(row)) {
        found.add(
            Text.format("it was not compared with the reference row %s as it is here", row.id()));
      }
    }
    if (used.containsAll(own) && !used.subList(0, own.size()).equals(own)) {
      found.add("rows that only the certificate has stand before those of this agent");
    }
    if (basis.references().meanTolerance() > references.meanTolerance()
        || basis.references().p99Tolerance() > references.p99Tolerance()) {
      found.add("it was compared with more tolerance than this agent has");
    }
    return List.copyOf(found);
  }
}
