package org.coremu.cli.option;

/**
 * Says that an option's value was {@code help}: the command prints the choices and does nothing
 * else.
 */
public final class HelpRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param text what to print, whole lines
   */
  public HelpRequest(String text) {
    super(text, null, false, false);
  }
}
