package org.coremu.cli.option;

import java.util.List;
import org.coremu.machine.ConfigException;
import org.coremu.machine.DebugExit;

/** The value of {@code -device}: {@code isa-debug-exit,iobase=0xf4,iosize=0x4}. */
public final class DeviceOption {
  private static final String OPTION = "-device";
  private static final String NAME = "isa-debug-exit";

  private DeviceOption() {}

  /**
   * Reads the value.
   *
   * @throws ConfigException for another device or a bad property
   * @throws HelpRequest for {@code help}
   */
  public static DebugExit parse(String text) {
    if (text.equals("help")) {
      throw new HelpRequest(
          """
          Choices of -device:
            isa-debug-exit,iobase=PORT,iosize=N   a write of v ends the run with exit code (v << 1) | 1
                                                  (defaults: iobase=0x501, iosize=2)
          """);
    }
    String name = text.split(",", 2)[0];
    if (!name.equals(NAME)) {
      throw new ConfigException(
          "%s: there is no device '%s'%s (-device help lists all)"
              .formatted(OPTION, name, Suggestion.clause(name, List.of(NAME))));
    }
    KeyValues values =
        new KeyValues(OPTION + " " + NAME, text, "driver", List.of("driver", "iobase", "iosize"));
    return new DebugExit(
        values.number("iobase", DebugExit.DEFAULT.iobase()),
        values.number("iosize", DebugExit.DEFAULT.iosize()));
  }
}
