package org.coremu.guest.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random instructions: length and assembly equal objdump's; what objdump has no name for, we have
 * none for.
 */
@Tag("tierless")
class ObjdumpTest {
  private static final int SLOT = 32;
  private static final int COUNT = 40_000;

  /** Prefixes without effect, which objdump names and we do not. */
  private static final Pattern STRAY =
      Pattern.compile(
          "^(lock )?((lock|data16|data32|addr16|addr32|rex(\\.[WRXB]+)?|"
              + "[cdefgs]s|repz|repnz|rep|bnd|notrack|xacquire|xrelease)( +|$))+");

  /** Operand-size suffixes that objdump shows or not by taste. */
  private static final Pattern SUFFIX =
      Pattern.compile(
          "^(lock )?(push[af]?|pop[af]?|leave|retf?|iret|sysret|sysexit|"
              + "[sl][gi]dt|fldenv|frstor|fnsave|fnstenv|call|jmp|enter|str|"
              + "sldt)[wdq]\\b");

  /** Extensions that we rightly do not decode. */
  private static final Pattern ABSENT =
      Pattern.compile(
          "^(v[a-z0-9]+|k[a-z0-9]+|\\{.*|tzcnt|lzcnt|rdssp[dq]|incssp[dq]|"
              + "saveprevssp|rstorssp|wrss[dq]|wruss[dq]|setssbsy|clrssbsy|xbegin|"
              + "xabort|xend|xtest|bnd[a-z]+|ad[co]x|"
              + "movdir.*|enqcmds?|invept|gf2p8.*|sha[0-9].*|aes(enc|dec).*kl|"
              + "encodekey.*|loadiwkey|rdp(kru|id)|wrpkru|"
              + "monitorx|mwaitx|clzero|rdpru|mcommit|invlpgb|tlbsync|psmash|pvalidate|"
              + "rmpupdate|rmpadjust|rmpquery|clgi|stgi|"
              + "skinit|invlpga|ptwrite|[tu]pause|umonitor|umwait|uiret|clui|stui|"
              + "testui|senduipi|cldemote|serialize|"
              + "xsusldtrk|xresldtrk|wbnoinvd|pconfig|encl[suv]|getsec|femms|"
              + "pf[a-z0-9]+|pi2f[dw]|pf2i[dw]|pswapd|pavgusb|"
              + "pmulhrw|extrq|insertq|movnts[sd]|llwpcb|slwpcb|lwp.*|bextr|bl[cs].*|"
              + "t1mskc|tzmsk|hreset|rdmsrlist|wrmsrlist|"
              + "wrmsrns|seam.*|tdcall|cmp.*xadd|lkgs|prefetchit[01]|prefetchrst2|"
              + "rdpmc_|fneni|fndisi|fnsetpm|frstpm|nop/reserved|"
              + "mov (.*,)?tr[0-7].*|mov cs,.*|x(crypt|sha|store).*|a(add|and|or|"
              + "xor) .*|inv[ev]pid|"
              + "(rd|wr)[fg]sbase|swapgs|montmul).*");

  /**
   * What encodings mean on newer CPUs than ours; on ours they are something older, mostly a NOP.
   */
  private static final Pattern NEWER =
      Pattern.compile(
          "(tzcnt|lzcnt|wbnoinvd|rdssp|bnd|cldemote|prefetchit|prefetchrst2|"
              + "fneni|fndisi|fnsetpm|nop/reserved).*");

  /** Undocumented encodings that processors execute and objdump does not know. */
  private static final Pattern UNDOCUMENTED =
      Pattern.compile(
          "(fxch[47]|fstp[189]|fcomp? st\\(|salc|nop [er]|nop .[xip]$|nop r|"
              + "wbinvd|[lsm]fence|bs[rf] ).*");

  /** A prefix that makes the opcode invalid, which objdump ignores. */
  private static final Pattern SLOPPY =
      Pattern.compile("(fs |gs |rex[.WRXB]* )*(repz|repnz|data16|data32) .*");

  private static final Pattern LONE_LOCK = Pattern.compile(".*lock rex(\\.[WRXB]+)?");

  private static final Pattern LINE = Pattern.compile("^ *([0-9a-f]+):\t([0-9a-f ]+?) *\t(.*)$");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64})
  void agreesWithObjdump(int mode) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/objdump")), "objdump is not installed");
    Random random = new Random(mode * 7919L);
    byte[] image = new byte[COUNT * SLOT];
    Decoder decoder = new Decoder(Feature.ALL);
    Insn insn = new Insn();
    for (int i = 0; i < COUNT; i++) {
      candidate(random, image, i * SLOT, decoder, mode, insn);
    }
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    String[][] theirs = objdump(image, mode);
    for (int i = 0; i < COUNT; i++) {
      int at = i * SLOT;
      decoder.decode(index -> image[index] & 0xff, at, mode, insn);
      String text = STRAY.matcher(theirs[i][1]).replaceFirst("$1").replaceAll(" +", " ").trim();

      String hex = hex(image, at, insn.row.id <= OpcodeTable.TOO_LONG ? 15 : insn.length);
      if (excused(text, theirs[i][1], insn)) {
        continue;
      }
      String ours = Assembly.print(insn, at);
      compared++;
      boolean bad = insn.row.id <= OpcodeTable.TOO_LONG;
      boolean same =
          bad
              ? text.contains("(bad)") || text.contains("?") || text.isEmpty()
              : insn.length == Integer.parseInt(theirs[i][0])
                  && normal(ours.replaceAll(" +", " "), insn).equals(normal(text, insn));
      if (!same) {
        wrong.add(
            mode
                + ": "
                + hex
                + " | "
                + ours
                + " "
                + insn.length
                + " | "
                + theirs[i][1]
                + " "
                + theirs[i][0]);
      }
    }
    assertThat(compared).isGreaterThan(COUNT / 3);
    assertThat(wrong).isEmpty();
  }

  /** Fills a slot with a random instruction, or with bytes that are none, and NOPs behind it. */
  private static void candidate(
      Random random, byte[] image, int at, Decoder decoder, int mode, Insn insn) {
    byte[] junk = new byte[16];
    random.nextBytes(junk);
    int p = 0;
    int kind = random.nextInt(8);
    if (kind < 3) {
      junk[p++] =
          (byte) new int[] {0x66, 0xf2, 0xf3, 0x67, 0x66, 0xf3, 0xf0, 0x64}[random.nextInt(8)];
    }
    if (mode == 64 && random.nextInt(3) == 0) {
      junk[p++] = (byte) (0x40 | random.nextInt(16));
    }
    if (random.nextInt(5) < 3) {
      junk[p++] = 0x0f;
      int map = random.nextInt(8);
      if (map < 2) {
        junk[p++] = (byte) (map == 0 ? 0x38 : 0x3a);
      }
    } else if (random.nextInt(4) == 0) {
      junk[p] = (byte) (0xd8 | random.nextInt(8));
    }
    java.util.Arrays.fill(image, at, at + SLOT, (byte) 0x90);
    System.arraycopy(junk, 0, image, at, 15);
    decoder.decode(index -> image[index] & 0xff, at, mode, insn);
    if (insn.row.id > OpcodeTable.TOO_LONG) {
      java.util.Arrays.fill(image, at + insn.length, at + SLOT, (byte) 0x90);
    }
  }

  /** Whether objdump and we differ on purpose. */
  private static boolean excused(String text, String whole, Insn insn) {
    boolean bad = insn.row.id <= OpcodeTable.TOO_LONG;
    if ((bad ? ABSENT : NEWER).matcher(text).matches()
        || whole.contains("iz*")
        || text.contains("(bad)") && UNDOCUMENTED.matcher(Assembly.print(insn, 0)).matches()
        || whole.contains("notrack")
        || text.isEmpty() && !bad
        || text.startsWith("movsxd r") && insn.prefix66) {
      return true;
    }
    // LOCK where it is not allowed, and objdump's relaxed register forms, are #UD to us
    return bad && (insn.lock || SLOPPY.matcher(whole).matches())
        || LONE_LOCK.matcher(whole).matches();
  }

  private static String normal(String text, Insn insn) {
    if (insn.row.operandCount() > 0 && insn.row.form[0] == Form.J && insn.opSize == 16) {
      // objdump keeps the upper half of the address
      return text.replaceFirst(".*0x", "")
          .replaceFirst("^[0-9a-f]+(?=[0-9a-f]{4}$)", "")
          .replaceFirst("^0+", "");
    }
    String plain = STRAY.matcher(text).replaceFirst("$1").replaceFirst("^rex.W ", "");
    return SUFFIX
        .matcher(plain)
        .replaceFirst("$1$2")
        .replaceFirst("(?<=\\[eip.{1,40}) +#.*", "")
        .replace("XMMWORD PTR ", "")
        .replaceFirst("xchg [er]?ax,[er]?ax", "nop")
        .replace("OWORD PTR ", "")
        .replaceFirst("(?<=^l[fgs]s.{1,9}|^call |^jmp )(TBYTE|DWORD)", "FWORD");
  }

  private static String hex(byte[] image, int at, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append(String.format("%02x ", image[at + i]));
    }
    return out.toString();
  }

  /** Returns for each slot objdump's length and text. */
  private String[][] objdump(byte[] image, int mode) throws IOException, InterruptedException {
    Path file = directory.resolve("code.bin");
    Files.write(file, image);
    String machine = mode == 64 ? "i386:x86-64" : mode == 32 ? "i386" : "i8086";
    Path listing = directory.resolve("code.txt");
    Process process =
        new ProcessBuilder(
                "objdump",
                "-D",
                "-b",
                "binary",
                "-m" + machine,
                "-M",
                "intel,intel64",
                "-z",
                "--insn-width=16",
                file.toString())
            .redirectOutput(listing.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    String[][] result = new String[COUNT][];
    for (String line : Files.readAllLines(listing, StandardCharsets.ISO_8859_1)) {
      var m = LINE.matcher(line);
      if (m.matches()) {
        int at = Integer.parseInt(m.group(1), 16);
        if (at % SLOT == 0) {
          result[at / SLOT] =
              new String[] {String.valueOf(m.group(2).split(" ").length), m.group(3)};
        }
      }
    }
    return result;
  }
}
