package oneapp.agent.certify;

/** What the requests seen so far prove about a limit. */
public enum Verdict {
  PASS,
  FAIL,
  INCONCLUSIVE
}
