package org.coremu.machine;

import java.util.List;

/** Shows what becomes of guest instructions; one for each ISA that can. */
public interface Explain {
  /**
   * One stage of the pipeline.
   *
   * @param title what the lines are: assembly, source, IR, IR after optimisation, machine code
   * @param lines without line ends
   */
  record Stage(String title, List<String> lines) {
    /** Keeps its own copy of the lines. */
    public Stage {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Follows instructions through the pipeline.
   *
   * @param code the bytes of one or more instructions, as they lie in memory
   * @return the stages in order
   * @throws ConfigException when the bytes are no whole instruction
   */
  List<Stage> explain(byte[] code);
}
