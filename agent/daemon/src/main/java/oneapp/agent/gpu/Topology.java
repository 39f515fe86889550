package oneapp.agent.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How pairs of GPUs are connected, from {@code nvidia-smi topo -m}. In a VM with passthrough the
 * links are often not visible.
 *
 * @param links by pair of indexes, lower first
 */
public record Topology(Map<Pair, Link> links) {
  public static final Topology UNKNOWN = new Topology(Map.of());

  /** Two GPUs, the lower index first. */
  public record Pair(int first, int second) {
    static Pair of(int a, int b) {
      return new Pair(Math.min(a, b), Math.max(a, b));
    }
  }

  /** A connection, the fastest first. */
  public enum Link {
    NVLINK(0),
    PIX(1),
    PXB(2),
    PHB(3),
    NODE(4),
    SYS(5),
    UNKNOWN(6);

    private final int distance;

    Link(int distance) {
      this.distance = distance;
    }

    /** Grows with the length of the path. */
    public int distance() {
      return distance;
    }
  }

  public Topology {
    links = Map.copyOf(links);
  }

  public Link between(int a, int b) {
    return links.getOrDefault(Pair.of(a, b), Link.UNKNOWN);
  }

  /** Reads the matrix; links that cannot be read are unknown. */
  public static Topology parse(String text) {
    Map<Pair, Link> links = new HashMap<>();
    for (String line : text.lines().toList()) {
      List<String> cells = cells(line);
      if (cells.size() < 2 || !cells.getFirst().matches("GPU[0-9]{1,4}") || header(cells)) {
        continue;
      }
      int row = Integer.parseInt(cells.getFirst().substring(3));
      for (int column = 0; column + 1 < cells.size(); column++) {
        Link link = link(cells.get(column + 1));
        if (column != row && link != Link.UNKNOWN) {
          links.put(Pair.of(row, column), link);
        }
      }
    }
    return new Topology(links);
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.strip().split("\\s+", -1)) {
      if (!cell.isEmpty()) {
        cells.add(cell);
      }
    }
    return cells;
  }

  private static boolean header(List<String> cells) {
    return cells.get(1).startsWith("GPU") || cells.get(1).equals("CPU");
  }

  private static Link link(String cell) {
    if (cell.matches("NV[0-9]+")) {
      return Link.NVLINK;
    }
    for (Link link : Link.values()) {
      if (link.name().equals(cell) && link != Link.NVLINK) {
        return link;
      }
    }
    return Link.UNKNOWN;
  }
}
