package org.coremu.cli.console;

/** A view that takes the terminal's place for a while. */
public interface Overlay {
  boolean isShown();

  /** Takes the terminal, until {@link #hide}. */
  void show(HostTerminal terminal);

  /** What it has to say in one line, for where there is no terminal to take. */
  String summary();

  /** Gives the terminal back, with what it showed before. */
  void hide();

  /**
   * Takes what the user types meanwhile.
   *
   * @return false if the user wants to leave the view
   */
  boolean keys(byte[] keys, int count);
}
