package org.coremu.cli;

import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import org.coremu.cli.option.Suggestion;
import org.coremu.machine.ConfigException;
import org.coremu.machine.Explain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coremu explain}: an instruction from its bytes through every stage of the pipeline. */
@Command(
    name = "explain",
    description = "Show what becomes of an instruction: assembly, source, IR before and after.")
final class ExplainCommand implements Callable<Integer> {
  private final Map<String, Explain> isas;

  @Parameters(index = "0", paramLabel = "ISA", description = "The instruction set.")
  private String isa;

  @Parameters(index = "1", paramLabel = "BYTES", description = "The instruction in hexadecimal.")
  private String bytes;

  /**
   * Makes the command.
   *
   * @param isas what there is, by the names users type
   */
  ExplainCommand(Map<String, Explain> isas) {
    this.isas = isas;
  }

  @Override
  public Integer call() {
    Explain explain = isas.get(isa);
    if (explain == null) {
      throw new ConfigException(
          "explain: there is no instruction set '%s'%s; there is: %s"
              .formatted(
                  isa, Suggestion.clause(isa, isas.keySet()), String.join(", ", isas.keySet())));
    }
    String hex = bytes.replaceAll("\\b0[xX]|[\\s,_]", "");
    if (!hex.matches("([0-9a-fA-F]{2})+")) {
      throw new ConfigException("explain: '%s' is not whole bytes in hexadecimal".formatted(bytes));
    }
    for (Explain.Stage stage : explain.explain(HexFormat.of().parseHex(hex))) {
      System.out.println(stage.title());
      stage.lines().forEach(line -> System.out.println("  " + line));
    }
    return 0;
  }
}
