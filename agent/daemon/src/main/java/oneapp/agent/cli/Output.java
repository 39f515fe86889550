package oneapp.agent.cli;

import java.util.Locale;
import java.util.stream.Stream;
import oneapp.agent.data.Text;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The forms in which a command answers. */
enum Output {
  TEXT,
  JSON;

  /** The option of every command that answers people and programs. */
  static final class Wanted {
    @Option(
        names = "--output",
        paramLabel = "text|json",
        defaultValue = "text",
        converter = Converter.class,
        description = "Form of the answer; default: ${DEFAULT-VALUE}.")
    private Output output = TEXT;

    Output output() {
      return output;
    }
  }

  /** Reads the form in any case. */
  static final class Converter implements ITypeConverter<Output> {
    @Override
    public Output convert(String value) {
      return Stream.of(values())
          .filter(output -> output.name().equals(value.toUpperCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      Text.format("\"%s\" is neither text nor json", value)));
    }
  }
}
