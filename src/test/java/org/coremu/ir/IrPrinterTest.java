package org.coremu.ir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The text form, which {@code coremu explain} and crash reports show. */
class IrPrinterTest {
  /** A table that tests can fill. */
  private static final class Table extends HelperTable {
    int helper(String name) {
      return add(name, Effect.ANY);
    }
  }

  private final Table helpers = new Table();
  private final IrBuilder ir = new IrBuilder(helpers);

  private void build() {
    ir.begin();
    ir.insn(0);
    int a = ir.get(16);
    int b = ir.constant(0x12345);
    ir.put(16, ir.add(a, b));
    ir.flags(FlagKind.ADD, 32, a, b);
    ir.insn(3);
    int loaded = ir.load(16, a, -8);
    ir.store(64, a, 0, loaded);
    ir.call(helpers.helper("cpuid"), loaded);
    ir.insn(12);
    ir.exitIf(ir.cond(Cond.LE), 64);
    ir.fence();
    ir.putV(32, ir.emit(IrOp.VADD, ir.getV(32), ir.getV(34), -1, Lane.I16));
    ir.put(17, ir.pcRelative(20));
    ir.branch(loaded, -16, 20);
    ir.end(20);
  }

  @Test
  void everyKindOfOp() {
    build();
    assertThat(ir.block().toString().lines())
        .containsExactly(
            "  ; +0x0",
            "  v0 = get s16",
            "  v1 = const 0x12345",
            "  v2 = add v0, v1",
            "  put v2, s16",
            "  flags v0, v1, add32",
            "  ; +0x3",
            "  v5 = ld16 v0, -8",
            "  st64 v0, v5, 0",
            "  v7 = call v5, cpuid",
            "  ; +0xc",
            "  v8 = cond le",
            "  exitif v8, pc+64",
            "  fence 0",
            "  v11 = getv s32",
            "  v12 = getv s34",
            "  v13 = vadd v11, v12, 1",
            "  putv v13, s32",
            "  v15 = pcrel pc+20",
            "  put v15, s17",
            "  branch v5, -16, +20");
  }

  @Test
  void opsThatWereRemovedAreNotShown() {
    ir.begin();
    ir.insn(0);
    ir.put(16, ir.constant(1));
    ir.put(16, ir.constant(2));
    ir.jump(-2);
    new DeadCode().run(ir.block());
    assertThat(ir.block().toString().lines())
        .containsExactly("  ; +0x0", "  v2 = const 2", "  put v2, s16", "  jump pc-2");
  }
}
