package org.coremu.machine;

/**
 * What the user asked for cannot be done: a wrong option value, a file that is not what it should
 * be, too little RAM. The message is one line that says what is wrong and, where it helps, what
 * would be right. The command prints it alone and exits with status 2; it never carries a stack
 * trace to the user.
 */
public final class ConfigException extends RuntimeException {
  /**
   * @param message one line without a full stop; line breaks in it (from a file name, say) are
   *     replaced by spaces
   */
  public ConfigException(String message) {
    super(oneLine(message));
  }

  /**
   * @param message one line without a full stop; line breaks in it are replaced by spaces
   * @param cause what the host said, kept for debugging only
   */
  public ConfigException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  private static String oneLine(String message) {
    return message.replaceAll("[\\r\\n]+", " ");
  }
}
