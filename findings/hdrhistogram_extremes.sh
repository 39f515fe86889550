#!/bin/sh
# Tool:    org.hdrhistogram:HdrHistogram 2.2.2 (Maven), 2026-12-01
# Guessed: percentiles are rounded to the chosen digits, but minimum, maximum and mean are exact.
# True:    all are those of the cells. With three digits they are exact below 2,048 units only: of 1 ms .. 1000 ms in
#          nanoseconds the maximum is 341 us above the largest value recorded, the minimum lies below the smallest,
#          and the mean is off. The same values in ms give all three exactly.
# Matters: a load generator that keeps latencies in ns reports a maximum that no request had; a limit that all met can fail.
# saw: ms: min 1 mean 500.5 max 1000
# saw: ns: min 999936 mean 500500310.3 max 1000341503
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
timeout 300 mvn -q -B -ntp org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
  -Dartifact=org.hdrhistogram:HdrHistogram:2.2.2 -DoutputDirectory="$work" >"$work/maven.log" 2>&1 ||
  { cat "$work/maven.log" >&2; exit 1; }
cat >"$work/Find.java" <<'JAVA'
import java.util.Locale;
import org.HdrHistogram.Histogram;

class Find {
  public static void main(String[] args) {
    for (String unit : new String[] {"ms", "ns"}) {
      long scale = unit.equals("ms") ? 1 : 1_000_000;
      Histogram histogram = new Histogram(3);
      for (long i = 1; i <= 1000; i++) {
        histogram.recordValue(i * scale);
      }
      System.out.printf(
          Locale.ROOT,
          "%s: min %d mean %.1f max %d%n",
          unit,
          histogram.getMinValue(),
          histogram.getMean(),
          histogram.getMaxValue());
    }
  }
}
JAVA
timeout 60 "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$work/HdrHistogram-2.2.2.jar" "$work/Find.java" | tee "$work/out"
sed -n 's/^# saw: //p' "$0" | cmp -s - "$work/out"
