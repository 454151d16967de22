package org.coremu.exec;

import java.util.List;
import java.util.function.Consumer;
import org.coremu.exec.nativecode.BlockCompiler;
import org.coremu.exec.nativecode.HostFeatures;
import org.coremu.exec.nativecode.StateLayout;
import org.coremu.ir.DeadCode;
import org.coremu.ir.IrBuilder;

/**
 * What becomes of a block, stage by stage.
 *
 * @param ir as translated
 * @param optimised after the passes
 * @param code what the interpreter runs
 * @param machineCode what the native tier runs, x86-64, the ways out included
 */
public record Explanation(String ir, String optimised, List<String> code, byte[] machineCode) {
  /** Runs a translation and keeps its stages. */
  public static Explanation of(
      Helpers helpers, StateLayout layout, Consumer<IrBuilder> translation) {
    IrBuilder builder = new IrBuilder(helpers);
    builder.begin();
    translation.accept(builder);
    String ir = builder.block().toString();
    DeadCode deadCode = new DeadCode();
    deadCode.run(builder.block());
    String optimised = builder.block().toString();
    CodeBlock block = new Lowering().lower(builder.block(), deadCode, -1, -1, 0, new byte[0]);
    BlockCompiler compiler = new BlockCompiler(layout, HostFeatures.V3);
    compiler.compile(builder.block(), 0, -1, 0, false, 0);
    return new Explanation(ir, optimised, CodePrinter.print(block), compiler.code());
  }
}
