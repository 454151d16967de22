package org.coremu.exec;

import java.util.List;
import java.util.function.Consumer;
import org.coremu.ir.DeadCode;
import org.coremu.ir.IrBuilder;

/**
 * What becomes of a block, stage by stage.
 *
 * @param ir as translated
 * @param optimised after the passes
 * @param code what the interpreter runs
 */
public record Explanation(String ir, String optimised, List<String> code) {
  /** Runs a translation and keeps its stages. */
  public static Explanation of(Helpers helpers, Consumer<IrBuilder> translation) {
    IrBuilder builder = new IrBuilder(helpers);
    builder.begin();
    translation.accept(builder);
    String ir = builder.block().toString();
    DeadCode deadCode = new DeadCode();
    deadCode.run(builder.block());
    String optimised = builder.block().toString();
    CodeBlock block = new Lowering().lower(builder.block(), deadCode, -1, -1, 0, new byte[0]);
    return new Explanation(ir, optimised, CodePrinter.print(block));
  }
}
