package oneapp.agent.benchmark;

/** Looks at the server and the VM beside the load generator. */
@FunctionalInterface
interface Observer {
  Snapshot snapshot() throws InterruptedException;
}
