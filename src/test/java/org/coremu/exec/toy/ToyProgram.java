package org.coremu.exec.toy;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Assembles toy code for a fixed address, with labels that may be used before they are set. */
public final class ToyProgram {
  private final ByteArrayOutputStream code = new ByteArrayOutputStream();
  private final Map<String, Integer> labels = new HashMap<>();

  /**
   * A place for a relative or absolute target: offset of the immediate, offset it is relative to or
   * -1, and the label.
   */
  private record Use(int start, String label) {}

  private final Map<Integer, Use> uses = new TreeMap<>();
  private final long base;

  public ToyProgram(long base) {
    this.base = base;
  }

  public ToyProgram label(String name) {
    labels.put(name, code.size());
    return this;
  }

  /** Adds an instruction with the operands of its row. */
  public ToyProgram op(ToyOp op, int... operands) {
    begin(op, operands.length);
    for (int i = 0; i < operands.length; i++) {
      if (op.operands.charAt(i) == 'r') {
        code.write(operands[i]);
      } else {
        immediate(operands[i]);
      }
    }
    return this;
  }

  private void begin(ToyOp op, int operands) {
    if (op.operands.length() != operands) {
      throw new IllegalArgumentException(op + " has operands " + op.operands);
    }
    code.write(op.ordinal());
  }

  private void immediate(int value) {
    for (int i = 0; i < 4; i++) {
      code.write(value >> i * 8);
    }
  }

  public ToyProgram jmp(String target) {
    int start = code.size();
    begin(ToyOp.JMP, 1);
    return target(start, target);
  }

  /** Halts for good: once more whenever it is woken. The end of a program. */
  public ToyProgram halt() {
    return label("halted").op(ToyOp.WAIT).jmp("halted");
  }

  public ToyProgram bnz(int register, String target) {
    int start = code.size();
    begin(ToyOp.BNZ, 2);
    code.write(register);
    return target(start, target);
  }

  /** Loads the address of a label. */
  public ToyProgram address(int register, String target) {
    begin(ToyOp.LI, 2);
    code.write(register);
    return target(-1, target);
  }

  private ToyProgram target(int start, String label) {
    uses.put(code.size(), new Use(start, label));
    immediate(0);
    return this;
  }

  /** Adds what decrements a register and goes to the target unless it is 0 then. */
  public ToyProgram loop(int register, String target) {
    return op(ToyOp.ADDI, register, -1).bnz(register, target);
  }

  public long base() {
    return base;
  }

  public long addressOf(String label) {
    return base + labels.get(label);
  }

  public byte[] bytes() {
    byte[] bytes = code.toByteArray();
    uses.forEach(
        (at, use) -> {
          long value = use.start < 0 ? addressOf(use.label) : labels.get(use.label) - use.start;
          for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >> i * 8);
          }
        });
    return bytes;
  }
}
