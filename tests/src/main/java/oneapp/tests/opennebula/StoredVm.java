package oneapp.tests.opennebula;

import oneapp.agent.data.Text;

/** A VM: what oned made of its template, and the USER_TEMPLATE that users write to. */
record StoredVm(Header header, Life life, Attributes template, Attributes userTemplate) {
  static final int PENDING = 1;
  static final int HOLD = 2;
  static final int ACTIVE = 3;
  static final int DONE = 6;
  static final int POWEROFF = 8;

  /** State, times in epoch seconds, and the finished history records as oned's XML. */
  record Life(int state, int lcmState, long start, long end, String deployId, String history) {
    Life to(int newState, int newLcmState, long newEnd) {
      return new Life(newState, newLcmState, start, newEnd, deployId, history);
    }
  }

  int id() {
    return header.id();
  }

  StoredVm with(Header changed) {
    return new StoredVm(changed, life, template, userTemplate);
  }

  StoredVm with(Life changed) {
    return new StoredVm(header, changed, template, userTemplate);
  }

  StoredVm withTemplate(Attributes changed) {
    return new StoredVm(header, life, changed, userTemplate);
  }

  StoredVm withUserTemplate(Attributes changed) {
    return new StoredVm(header, life, template, changed);
  }

  /** As in one.vm.info. */
  String toXml() {
    String history =
        life.history().isEmpty()
            ? "<HISTORY_RECORDS/>"
            : "<HISTORY_RECORDS>" + life.history() + "</HISTORY_RECORDS>";
    return "<VM>"
        + header.ownerXml()
        + header.permissionsXml()
        + lifeXml()
        + Text.format("<DEPLOY_ID>%s</DEPLOY_ID>", Header.escaped(life.deployId()))
        + header.lockXml()
        + "<MONITORING></MONITORING><SCHED_ACTIONS></SCHED_ACTIONS>"
        + template.toXml("TEMPLATE")
        + userTemplate.toXml("USER_TEMPLATE")
        + history
        + "<BACKUPS><BACKUP_CONFIG/><BACKUP_IDS></BACKUP_IDS></BACKUPS></VM>";
  }

  private String lifeXml() {
    return Text.format(
        "<LAST_POLL>0</LAST_POLL><STATE>%1$d</STATE><LCM_STATE>%2$d</LCM_STATE>"
            + "<PREV_STATE>%1$d</PREV_STATE><PREV_LCM_STATE>%2$d</PREV_LCM_STATE>"
            + "<RESCHED>0</RESCHED><STIME>%3$d</STIME><ETIME>%4$d</ETIME>",
        life.state(), life.lcmState(), life.start(), life.end());
  }

  /** As in one.vmpool.info, which leaves out most of both templates. */
  String toShortXml() {
    Attributes few =
        userTemplate.filtered(
            attribute ->
                attribute.name().equals("LABELS") || attribute.name().startsWith("SCHED_"));
    return "<VM>"
        + header.ownerXml()
        + Text.format(
            "<LAST_POLL>0</LAST_POLL><STATE>%d</STATE><LCM_STATE>%d</LCM_STATE><RESCHED>0</RESCHED>",
            life.state(), life.lcmState())
        + Text.format(
            "<STIME>%d</STIME><ETIME>%d</ETIME><DEPLOY_ID>%s</DEPLOY_ID>",
            life.start(), life.end(), Header.escaped(life.deployId()))
        + template
            .filtered(attribute -> attribute.name().matches("CPU|MEMORY|NIC|GRAPHICS"))
            .toXml("TEMPLATE")
        + few.toXml("USER_TEMPLATE")
        + "</VM>";
  }
}
