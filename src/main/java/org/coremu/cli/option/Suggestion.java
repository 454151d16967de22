package org.coremu.cli.option;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what the user probably meant. */
public final class Suggestion {
  private Suggestion() {}

  /**
   * The candidate nearest to a word by edits (insertion, deletion, replacement, exchange of
   * neighbours).
   *
   * @return empty when none is near enough to be a likely slip
   */
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    String wanted = word.toLowerCase(Locale.ROOT);
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      String name = candidate.toLowerCase(Locale.ROOT);
      int distance = name.startsWith(wanted) && wanted.length() > 1 ? 1 : distance(wanted, name);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    boolean likely = bestDistance <= Math.max(1, Math.min(3, wanted.length() / 2));
    return likely ? Optional.of(best) : Optional.empty();
  }

  /** The end of an error line: {@code "; did you mean X?"}, or nothing. */
  public static String clause(String word, Collection<String> candidates) {
    return nearest(word, candidates).map(name -> "; did you mean " + name + "?").orElse("");
  }

  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : cheapestEdit(a, b, d, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int cheapestEdit(String a, String b, int[][] d, int i, int j) {
    int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
