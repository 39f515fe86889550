package oneapp.agent;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import oneapp.agent.serve.Endpoint;
import oneapp.agent.serve.HealthWatch;
import oneapp.agent.serve.RunningServer;
import oneapp.agent.serve.ServerExit;

/** A server of which only the identity matters. */
final class MemoryServer implements RunningServer {
  private final CompletableFuture<ServerExit> exited = new CompletableFuture<>();

  @Override
  public Endpoint endpoint() {
    return new Endpoint(URI.create("http://127.0.0.1:1"), "a model", Optional.empty());
  }

  @Override
  public CompletableFuture<ServerExit> exited() {
    return exited;
  }

  @Override
  public HealthWatch.Check health(Duration answer) {
    return _ -> Optional.empty();
  }

  @Override
  public boolean stop() {
    return true;
  }
}
