package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.certify.RunVerdict;
import oneapp.agent.certify.UseCase;
import oneapp.agent.certify.Verdict;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/** The use cases for a terminal: a line for each, then each of them at each rate. */
final class TextUseCases {
  private static final List<String> HEADS =
      List.of("use case", "verdict", "up to", "over/requests at req/s, and what would decide it");

  private TextUseCases() {}

  static List<String> lines(Collection<UseCase> useCases) {
    TextTable table = new TextTable(Set.of(0, 1, 3), HEADS);
    for (UseCase useCase : useCases) {
      table.row(
          List.of(
              name(useCase),
              useCase.verdict().name(),
              useCase.highestPassingRate().isPresent()
                  ? Rounded.plain(useCase.highestPassingRate().getAsDouble())
                  : "-",
              why(useCase)));
    }
    List<String> lines = new ArrayList<>(table.lines());
    if (useCases.stream().anyMatch(UseCase::required)) {
      lines.add("* required");
    }
    lines.addAll(matrix(List.copyOf(useCases)));
    return lines;
  }

  private static String name(UseCase useCase) {
    return useCase.limits().name() + (useCase.required() ? " *" : "");
  }

  /** The rates that decide: the highest that passes, and the first above it that does not. */
  private static String why(UseCase useCase) {
    Stream<RunVerdict> passing =
        useCase.runs().stream()
            .filter(run -> run.rate() == useCase.highestPassingRate().orElse(-1))
            .limit(1);
    Stream<RunVerdict> next =
        useCase.runs().stream().filter(run -> run.verdict() != Verdict.PASS).limit(1);
    String counts =
        Stream.concat(passing, next).map(TextUseCases::counts).collect(Collectors.joining(", "));
    return Stream.of(counts, useCase.need())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private static String counts(RunVerdict run) {
    return Text.format(
        "%d/%d%s at %s",
        run.tally().overLimit(),
        run.tally().requests() + run.tally().missing(),
        run.tally().open() == 0 ? "" : Text.format(" (%d undecided)", run.tally().open()),
        Rounded.plain(run.rate()));
  }

  /** All use cases have the same runs, in the same order. */
  private static List<String> matrix(List<UseCase> useCases) {
    if (useCases.isEmpty() || useCases.getFirst().runs().isEmpty()) {
      return List.of();
    }
    TextTable table =
        new TextTable(
            Set.of(),
            Stream.concat(
                    Stream.of("req/s"), useCases.stream().map(useCase -> useCase.limits().name()))
                .toList());
    for (int i = 0; i < useCases.getFirst().runs().size(); i++) {
      int run = i;
      table.row(
          Stream.concat(
                  Stream.of(Rounded.plain(useCases.getFirst().runs().get(run).rate())),
                  useCases.stream().map(useCase -> cell(useCase.runs().get(run))))
              .toList());
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.addAll(table.lines());
    lines.add("first all limits at once, then each metric's plain p99; ? is undecided");
    return lines;
  }

  private static String cell(RunVerdict run) {
    return mark(run.verdict()) + "/" + mark(run.reading().plain());
  }

  private static String mark(Verdict verdict) {
    return verdict == Verdict.INCONCLUSIVE ? "?" : verdict.name();
  }
}
