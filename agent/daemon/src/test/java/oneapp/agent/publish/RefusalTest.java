package oneapp.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts as oned 7.4 and the clients write them. */
final class RefusalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [one.vm.info] User [3] : Not authorized to perform USE VM [0].|FORBIDDEN|no USE right on VM 0
          [one.template.update] User [2] : Not authorized to perform MANAGE TEMPLATE [8].|FORBIDDEN|no MANAGE right on template 8
          [one.user.update] User [2] : Not authorized to perform MANAGE USER.|FORBIDDEN|no MANAGE right on user
          [one.vm.info] Error getting virtual machine [9999].|FORBIDDEN|VM 9999 does not exist
          [one.template.update] Error getting virtual machine template [9].|FORBIDDEN|template 9 does not exist
          [one.vm.update] Cannot update template. User Template includes a restricted attribute USER_PRIORITY|FORBIDDEN|attribute USER_PRIORITY
          Failed to read server's response: Connection refused|UNREACHABLE|does not answer (Connection refused)
          Failed to parse server's response: no XML|UNREACHABLE|did not answer in XML-RPC (no XML)
          HTTP server returned unexpected status: 503|UNREACHABLE|answered HTTP 503: it is not oned
          Method 'one.vm.nosuch' not defined|UNREACHABLE|oned reported an error (Method
          """)
  void namesKindAndReason(String text, String category, String sentence) {
    OpenNebulaFailure failure = Refusal.of(text, false);
    assertThat(failure.category()).isEqualTo(Category.valueOf("OPENNEBULA_" + category));
    assertThat(failure.sentence()).contains(sentence);
  }

  @Test
  void lockIsToldFromAMissingRight() {
    String text = "[one.vm.update] User [2] : Not authorized to perform MANAGE VM [4].";
    assertThat(Refusal.of(text, true).sentence()).startsWith("VM 4 is locked");
  }

  @Test
  void knowsAuthentication() {
    assertThat(
            Refusal.isAuthentication(
                "[one.vm.info] User couldn't be authenticated, aborting call."))
        .isTrue();
    assertThat(Refusal.isAuthentication("Not authorized to perform USE VM [0].")).isFalse();
  }

  @Test
  void leavesTheAddressOut() {
    List<String> address = List.of("http://one.site:2633/RPC2", "one.site:2633", "one.site");
    assertThat(Refusal.without(address, "no connection to one.site:2633, one.site: unknown"))
        .isEqualTo("no connection to [endpoint], [endpoint]: unknown");
  }
}
