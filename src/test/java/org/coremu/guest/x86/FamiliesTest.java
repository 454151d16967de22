package org.coremu.guest.x86;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.coremu.ir.IrBuilder;
import org.coremu.ir.Verifier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of opcodes.txt and methods of families match one to one, and every row translates to sound
 * IR.
 */
@Tag("tierless")
class FamiliesTest {
  private static final String PACKAGE = "org.coremu.guest.x86.insn.";

  private static Set<String> families() {
    Set<String> names = new TreeSet<>();
    for (int id = 0; id < OpcodeTable.X86.size(); id++) {
      names.add(OpcodeTable.X86.row(id).family);
    }
    return names;
  }

  private static Set<String> methodsInTable(String family) {
    Set<String> names = new TreeSet<>();
    for (int id = 0; id < OpcodeTable.X86.size(); id++) {
      OpcodeRow row = OpcodeTable.X86.row(id);
      if (row.family.equals(family)) {
        names.add(row.method);
      }
    }
    return names;
  }

  @Test
  void methodsAndRowsMatch() throws IOException {
    for (String family : families()) {
      assertThat(labels(family)).as(family).isEqualTo(methodsInTable(family));
    }
  }

  /** The cases of the switch in a family's {@code translate}: the strings it compares with. */
  private static Set<String> labels(String family) throws IOException {
    String file = "/" + (PACKAGE + family).replace('.', '/') + ".class";
    Set<String> names = new TreeSet<>();
    try (InputStream in = FamiliesTest.class.getResourceAsStream(file)) {
      for (MethodModel method : ClassFile.of().parse(in.readAllBytes()).methods()) {
        if (method.methodName().equalsString("translate")) {
          for (CodeElement element : method.code().orElseThrow()) {
            if (element instanceof ConstantInstruction c
                && c.constantValue() instanceof String name) {
              names.add(name);
            }
          }
        }
      }
    }
    return names;
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64})
  void everyRowTranslates(int codeSize) {
    long mode =
        Integer.numberOfTrailingZeros(codeSize) - 4
            | X86Mode.SSE
            | X86Mode.XSAVE
            | X86Mode.PROTECTED;
    mode |= codeSize == 64 ? X86Mode.FLAT | X86Mode.LONG : codeSize == 32 ? X86Mode.STACK32 : 0;
    X86Translator translator = new X86Translator(Feature.ALL);
    IrBuilder ir = new IrBuilder(X86Helpers.table());
    Decoder decoder = new Decoder(Feature.ALL);
    Insn insn = new Insn();
    Set<Integer> seen = new TreeSet<>();
    for (byte[] code : encodings(codeSize)) {
      decoder.decode(index -> code[index] & 0xff, 0, codeSize, insn);
      seen.add(insn.row.id);
      ir.begin();
      translator.translateBlock(ir, index -> code[index] & 0xff, 0, mode, 1);
      Verifier.check(ir.block());
    }
    for (int id = OpcodeTable.TOO_LONG + 1; id < OpcodeTable.X86.size(); id++) {
      if (!seen.contains(id)) {
        OpcodeRow row = OpcodeTable.X86.row(id);
        assertThat(isElsewhere(row, codeSize)).as("no encoding of " + row).isTrue();
      }
    }
  }

  /** Whether a row belongs to another code size only. */
  private static boolean isElsewhere(OpcodeRow row, int codeSize) {
    int map =
        row.opcode >> 8 == 0 ? 0 : row.opcode >> 8 == 0x0f ? 1 : row.opcode >> 8 == 0x0f38 ? 2 : 3;
    for (int prefix = 0; prefix < 4; prefix++) {
      int found = OpcodeTable.X86.find(map, prefix, codeSize == 64, row.opcode & 0xff);
      for (int modrm = 0; modrm < 256; modrm++) {
        if ((found < 0 ? OpcodeTable.X86.inGroup(found, modrm) : found) == row.id) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Every opcode of every map with every mandatory prefix, ModRM form and with operand size
   * variations.
   */
  private static List<byte[]> encodings(int codeSize) {
    int[][] maps = {{}, {0x0f}, {0x0f, 0x38}, {0x0f, 0x3a}};
    int[][] prefixes = {
      {}, {0x66}, {0xf3}, {0xf2}, {0xf0}, {0x67}, {0x66, 0xf2}, {0x64}, {0x48}, {0x66, 0x4d}
    };
    List<byte[]> all = new ArrayList<>();
    for (int[] map : maps) {
      for (int[] prefix : prefixes) {
        if (codeSize != 64 && (prefix.length > 0 && (prefix[prefix.length - 1] & 0xf0) == 0x40)) {
          continue;
        }
        for (int opcode = 0; opcode < 256; opcode++) {
          for (int modrm : modrms(map.length)) {
            byte[] code = new byte[32];
            int at = 0;
            for (int p : prefix) {
              code[at++] = (byte) p;
            }
            for (int m : map) {
              code[at++] = (byte) m;
            }
            code[at++] = (byte) opcode;
            code[at] = (byte) modrm;
            all.add(code);
          }
        }
      }
    }
    return all;
  }

  private static List<Integer> modrms(int mapLength) {
    List<Integer> list = new ArrayList<>();
    for (int modrm = 0; modrm < 256; modrm++) {
      int rm = modrm & 7;
      if (modrm >= 0xc0 && mapLength < 2 || rm == 0 || rm == 4 && modrm < 0x40 && mapLength == 0) {
        list.add(modrm);
      }
    }
    return list;
  }
}
