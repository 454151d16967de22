package org.coremu.machine;

/** A mistake of the user's: reported as one line, exit code 2, never with a stack trace. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message one line that names what is wrong and what would be right
   */
  public ConfigException(String message) {
    super(message);
  }

  /**
   * Makes one with what lies behind it.
   *
   * @param message one line that names what is wrong and what would be right
   * @param cause never shown to the user
   */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
