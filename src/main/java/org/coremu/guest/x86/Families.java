package org.coremu.guest.x86;

import java.util.HashMap;
import java.util.Map;
import org.coremu.guest.x86.insn.Arithmetic;
import org.coremu.guest.x86.insn.Atomic;
import org.coremu.guest.x86.insn.Bit;
import org.coremu.guest.x86.insn.Conditional;
import org.coremu.guest.x86.insn.ControlFlow;
import org.coremu.guest.x86.insn.ControlRegister;
import org.coremu.guest.x86.insn.DataMove;
import org.coremu.guest.x86.insn.Decimal;
import org.coremu.guest.x86.insn.DescriptorTable;
import org.coremu.guest.x86.insn.FarTransfer;
import org.coremu.guest.x86.insn.FlagOps;
import org.coremu.guest.x86.insn.FloatArith;
import org.coremu.guest.x86.insn.FloatCompare;
import org.coremu.guest.x86.insn.FloatConvert;
import org.coremu.guest.x86.insn.FpuArith;
import org.coremu.guest.x86.insn.FpuCompare;
import org.coremu.guest.x86.insn.FpuControl;
import org.coremu.guest.x86.insn.FpuMove;
import org.coremu.guest.x86.insn.FpuState;
import org.coremu.guest.x86.insn.FpuTranscendental;
import org.coremu.guest.x86.insn.Logic;
import org.coremu.guest.x86.insn.MulDiv;
import org.coremu.guest.x86.insn.PackedArith;
import org.coremu.guest.x86.insn.PackedCompare;
import org.coremu.guest.x86.insn.PackedConvert;
import org.coremu.guest.x86.insn.PackedLogic;
import org.coremu.guest.x86.insn.PackedShift;
import org.coremu.guest.x86.insn.PackedShuffle;
import org.coremu.guest.x86.insn.PortIo;
import org.coremu.guest.x86.insn.SegmentRegister;
import org.coremu.guest.x86.insn.Shift;
import org.coremu.guest.x86.insn.Stack;
import org.coremu.guest.x86.insn.Strings;
import org.coremu.guest.x86.insn.SystemFlag;
import org.coremu.guest.x86.insn.SystemInsn;
import org.coremu.guest.x86.insn.VectorCrypto;
import org.coremu.guest.x86.insn.VectorMove;
import org.coremu.guest.x86.insn.VectorString;

/** All families, and the family of each opcode row. */
final class Families {
  /** Family by row number. */
  private static final Family[] OF_ROW = resolve();

  private Families() {}

  /** Makes sure that all families, and so all their helpers, are loaded. */
  static void load() {
    if (OF_ROW.length == 0) {
      throw new AssertionError("no opcodes");
    }
  }

  /** Translates the decoded instruction in {@code t}. */
  static void translate(X86Ir t) {
    OpcodeRow row = t.insn.row;
    OF_ROW[row.id].translate(row.method, t);
  }

  private static Family[] resolve() {
    OpcodeTable table = OpcodeTable.X86;
    Family[] families = new Family[table.size()];
    Map<String, Family> byName = new HashMap<>();
    for (int id = 0; id < families.length; id++) {
      String name = table.row(id).family;
      Family family = byName.get(name);
      if (family == null) {
        family = create(name);
        byName.put(name, family);
      }
      families[id] = family;
    }
    return families;
  }

  /** The one list of family classes. */
  private static Family create(String name) {
    return switch (name) {
      case "Arithmetic" -> new Arithmetic();
      case "Atomic" -> new Atomic();
      case "Bit" -> new Bit();
      case "Conditional" -> new Conditional();
      case "ControlFlow" -> new ControlFlow();
      case "ControlRegister" -> new ControlRegister();
      case "DataMove" -> new DataMove();
      case "Decimal" -> new Decimal();
      case "DescriptorTable" -> new DescriptorTable();
      case "FarTransfer" -> new FarTransfer();
      case "FlagOps" -> new FlagOps();
      case "FloatArith" -> new FloatArith();
      case "FloatCompare" -> new FloatCompare();
      case "FloatConvert" -> new FloatConvert();
      case "FpuArith" -> new FpuArith();
      case "FpuCompare" -> new FpuCompare();
      case "FpuControl" -> new FpuControl();
      case "FpuMove" -> new FpuMove();
      case "FpuState" -> new FpuState();
      case "FpuTranscendental" -> new FpuTranscendental();
      case "Logic" -> new Logic();
      case "MulDiv" -> new MulDiv();
      case "PackedArith" -> new PackedArith();
      case "PackedCompare" -> new PackedCompare();
      case "PackedConvert" -> new PackedConvert();
      case "PackedLogic" -> new PackedLogic();
      case "PackedShift" -> new PackedShift();
      case "PackedShuffle" -> new PackedShuffle();
      case "PortIo" -> new PortIo();
      case "SegmentRegister" -> new SegmentRegister();
      case "Shift" -> new Shift();
      case "Stack" -> new Stack();
      case "Strings" -> new Strings();
      case "SystemFlag" -> new SystemFlag();
      case "SystemInsn" -> new SystemInsn();
      case "VectorCrypto" -> new VectorCrypto();
      case "VectorMove" -> new VectorMove();
      case "VectorString" -> new VectorString();
      default -> throw new AssertionError("opcodes.txt: family " + name);
    };
  }
}
