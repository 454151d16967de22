package org.coremu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The rules that hold the product together, checked on its class files and sources. The tables here
 * are the architecture.
 */
class ArchitectureTest {
  private static final Set<String> ENGINE = Set.of("exec", "ir", "mem", "hw", "bits");
  private static final Set<String> BELOW_MACHINE =
      Set.of("exec", "ir", "mem", "hw", "bits", "guest.x86", "device", "sched", "probe", "replay");

  /** What the packages with a prefix may name besides each other. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("bits", Set.of()),
          Map.entry("hw", Set.of("bits")),
          Map.entry("mem", Set.of("bits", "hw")),
          Map.entry("ir", Set.of("bits")),
          Map.entry("exec", Set.of("ir", "mem", "hw", "bits")),
          Map.entry("guest.x86", ENGINE),
          Map.entry("device", Set.of("hw", "mem", "bits")),
          Map.entry("sched", Set.of("exec", "hw")),
          Map.entry("probe", Set.of("exec", "ir", "hw")),
          Map.entry("replay", Set.of("exec", "sched", "hw")),
          Map.entry("machine", BELOW_MACHINE),
          Map.entry("debug", with(BELOW_MACHINE, "machine")),
          Map.entry("cli", with(BELOW_MACHINE, "machine", "debug")),
          Map.entry("web", with(BELOW_MACHINE, "machine", "debug")));

  /**
   * What of the host only {@code cli} and {@link #HOST_USERS} may name: time, randomness, files,
   * sockets, processes.
   */
  private static final Pattern HOST =
      Pattern.compile(
          "java\\.lang\\.System\\.(nanoTime|currentTimeMillis|getenv|getProperty|exit|in|out|err)"
              + "|java\\.lang\\.Math\\.random|java\\.lang\\.Thread\\.sleep|java\\.lang\\.(Process.*|Runtime\\.exec)"
              + "|java\\.util\\.(Random|UUID|Date|concurrent\\.ThreadLocalRandom)|java\\.security\\.SecureRandom"
              + "|java\\.time\\.(Clock|.*\\.now)|java\\.net\\..*|java\\.io\\.File.*|java\\.io\\.RandomAccessFile"
              + "|java\\.nio\\.(file\\.(?!Path\\b)|channels\\.).*");

  /** The few classes that stand between the product and the host, and what they use of it. */
  private static final Map<String, String> HOST_USERS =
      Map.of(
          "sched.HostTime", "java.lang.System.nanoTime",
          "sched.HostInputs", "java.lang.System.currentTimeMillis java.security.SecureRandom",
          "mem.HostMemory", "java.lang.System.getProperty",
          "exec.nativecode.HostFeatures", "java.lang.System.getProperty",
          "exec.nativecode.Optimisation", "java.lang.System.getProperty",
          "machine.boot.ImageFile", "java.nio.file java.nio.channels");

  /**
   * Types that are made to be changed. Arrays and {@code of} collections in constants are tables.
   */
  private static final Pattern MUTABLE =
      Pattern.compile(
          "java/util/(\\w*(ArrayList|LinkedList|HashMap|HashSet|TreeMap|TreeSet|Deque|Queue|BitSet|Random)"
              + "|concurrent/.*)|java/lang/(StringBuilder|ThreadLocal)|java/io/.*");

  private static final Pattern BAD_NAME =
      Pattern.compile("(?i).*(utils?|common|impl|managers?|helperutil|misc)");

  private static final Path SOURCES = Path.of("src/main/java/org/coremu");

  private static Set<String> with(Set<String> some, String... more) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(List.of(more));
    return all;
  }

  private final List<ClassModel> classes = ClassFiles.all();
  private final List<String> violations = new ArrayList<>();

  private void assertNone() {
    assertThat(violations).isEmpty();
  }

  /** The row of the table that a package belongs to. */
  private static String row(String packageName) {
    return MAY_IMPORT.keySet().stream()
        .filter(row -> packageName.equals(row) || packageName.startsWith(row + "."))
        .findFirst()
        .orElse("");
  }

  @Test
  void packagesImportWhatTheTableAllows() {
    Set<String> seen = new TreeSet<>();
    for (ClassModel c : classes) {
      String name = ClassFiles.name(c);
      String row = row(ClassFiles.packageOf(name));
      if (row.isEmpty()) {
        violations.add(name + " is in a package that the table does not name");
        continue;
      }
      for (String to : ClassFiles.packages(c)) {
        seen.add(row + " > " + row(to));
        if (!row(to).equals(row) && !MAY_IMPORT.get(row).contains(row(to))) {
          violations.add(name + " names package " + to);
        }
      }
    }
    assertNone();
    assertThat(seen)
        .as("what must be found if this test works")
        .contains("exec > mem", "guest.x86 > ir", "device > hw");
  }

  @Test
  void nothingBelowTheCommandAsksTheHost() {
    Set<String> unused = new TreeSet<>(HOST_USERS.keySet());
    for (ClassModel c : classes) {
      String name = ClassFiles.topLevel(c);
      for (String reference : ClassFiles.references(c)) {
        if (row(ClassFiles.packageOf(name)).equals("cli") || !HOST.matcher(reference).matches()) {
          continue;
        }
        if (Stream.of(HOST_USERS.getOrDefault(name, "-").split(" "))
            .anyMatch(reference::startsWith)) {
          unused.remove(name);
        } else {
          violations.add(name + " uses " + reference);
        }
      }
    }
    assertNone();
    assertThat(unused).as("exceptions that nobody needs").isEmpty();
  }

  @Test
  void nothingStaticChanges() {
    for (ClassModel c : classes) {
      for (FieldModel field : c.fields()) {
        if (!field.flags().has(AccessFlag.STATIC)) {
          continue;
        }
        String type = field.fieldType().stringValue();
        if (!field.flags().has(AccessFlag.FINAL)
            || type.startsWith("L")
                && MUTABLE.matcher(type.substring(1, type.length() - 1)).matches()) {
          violations.add(ClassFiles.name(c) + "." + field.fieldName().stringValue());
        }
      }
    }
    assertNone();
  }

  /** The interpreter's loop is one method for HotSpot's sake; static initialisers are tables. */
  private static final Set<String> LONG_METHODS = Set.of("exec.Interpreter.run");

  private static final int LINES_OF_A_METHOD = 60;

  @Test
  void methodsAreShort() {
    for (ClassModel c : classes) {
      for (MethodModel method : c.methods()) {
        String name = ClassFiles.name(c) + "." + method.methodName().stringValue();
        if (ClassFiles.lines(method) > LINES_OF_A_METHOD
            && !LONG_METHODS.contains(name)
            && !name.endsWith(".<clinit>")
            && !name.endsWith("<init>")) {
          violations.add(name + " has " + ClassFiles.lines(method) + " lines");
        }
      }
    }
    assertNone();
  }

  /** HotSpot's HugeMethodLimit: it never compiles a method that is longer. */
  private static final int BYTES_OF_A_METHOD = 8000;

  @Test
  void methodsCanBeCompiled() {
    for (ClassModel c : classes) {
      for (MethodModel method : c.methods()) {
        int bytes = ClassFiles.bytes(method);
        if (bytes > BYTES_OF_A_METHOD && !method.methodName().equalsString("<clinit>")) {
          violations.add(ClassFiles.name(c) + "." + method.methodName().stringValue());
        }
      }
    }
    assertNone();
  }

  // ---- sources

  private static List<Path> sources() {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(f -> f.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** IrOp is the table of the IR's ops. */
  private static final Set<String> LONG_FILES = Set.of("ir/IrOp.java");

  @Test
  void filesAreShort() {
    List<Integer> lengths = new ArrayList<>();
    for (Path file : sources()) {
      int length = lines(file).size();
      lengths.add(length);
      if (length > 600 && !LONG_FILES.contains(SOURCES.relativize(file).toString())) {
        violations.add(file + " has " + length + " lines");
      }
    }
    assertNone();
    lengths.sort(null);
    assertThat(lengths.get(lengths.size() / 2))
        .as("median length of a file")
        .isLessThanOrEqualTo(120);
  }

  @Test
  void everyPackageSaysWhatItIs() {
    for (Path file : sources()) {
      Path info = file.resolveSibling("package-info.java");
      if (!Files.exists(info) && !violations.contains(info.toString())) {
        violations.add(info.toString());
      }
    }
    assertNone();
  }

  @Test
  void namesSayWhatThingsAre() {
    for (ClassModel c : classes) {
      for (String part : ClassFiles.topLevel(c).split("\\.")) {
        if (BAD_NAME.matcher(part).matches()) {
          violations.add(ClassFiles.name(c));
        }
      }
    }
    assertNone();
  }

  @Test
  void nothingIsLeftToDo() {
    Pattern mark = Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b");
    for (Path file : sources()) {
      for (String line : lines(file)) {
        if (mark.matcher(line).find()) {
          violations.add(file + ": " + line.strip());
        }
      }
    }
    assertNone();
  }
}
