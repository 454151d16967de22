package org.coremu.cli.top;

import java.io.IOException;
import java.util.Optional;
import org.coremu.machine.Sample;

/** Where samples of a machine come from. */
@FunctionalInterface
public interface Feed {
  /**
   * Takes a sample.
   *
   * @return empty when the machine has ended, or has not begun
   * @throws IOException when the other process cannot be reached any more
   */
  Optional<Sample> next() throws IOException;
}
