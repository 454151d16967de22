package org.coremu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.LineNumber;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.coremu.exec.Core;

/** What the compiled classes of the product say about themselves. */
final class ClassFiles {
  private static final String ROOT = "org.coremu.";
  private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([\\w/$]+)[;<]");

  private ClassFiles() {}

  /** All classes of the product. */
  static List<ClassModel> all() {
    try (Stream<Path> files =
        Files.walk(
            Path.of(Core.class.getProtectionDomain().getCodeSource().getLocation().toURI()))) {
      return files.filter(f -> f.toString().endsWith(".class")).map(ClassFiles::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Name without {@code org.coremu}, such as {@code exec.Core$Waker}. */
  static String name(ClassModel c) {
    return relative(dotted(c.thisClass().asInternalName()));
  }

  /** As {@link #name}, of the class that contains the class. */
  static String topLevel(ClassModel c) {
    String name = name(c);
    int dollar = name.indexOf('$');
    return dollar < 0 ? name : name.substring(0, dollar);
  }

  /**
   * Everything that a class names in code and descriptors: classes, and members as {@code
   * class.member}.
   */
  static Set<String> references(ClassModel c) {
    Set<String> names = new TreeSet<>();
    for (PoolEntry entry : c.constantPool()) {
      switch (entry) {
        case ClassEntry e -> addClass(names, e.asInternalName());
        case MemberRefEntry e ->
            names.add(dotted(e.owner().asInternalName()) + "." + e.name().stringValue());
        case Utf8Entry e -> {
          // Descriptors and signatures. A string constant that looks like one does no harm.
          Matcher m = IN_DESCRIPTOR.matcher(e.stringValue());
          while (m.find()) {
            names.add(dotted(m.group(1)));
          }
        }
        default -> {}
      }
    }
    return names;
  }

  private static void addClass(Set<String> names, String internal) {
    if (!internal.startsWith("[")) {
      names.add(dotted(internal));
    }
  }

  /**
   * The packages of the product that a class names, such as {@code exec}, {@code guest.x86} or
   * {@code device.irq}.
   */
  static Set<String> packages(ClassModel c) {
    Set<String> packages = new TreeSet<>();
    for (String name : references(c)) {
      if (name.startsWith(ROOT)) {
        packages.add(packageOf(relative(name)));
      }
    }
    return packages;
  }

  /** The package of a name: the part before the first capital. */
  static String packageOf(String name) {
    Matcher m = Pattern.compile("(.*?)\\.?[A-Z].*").matcher(name);
    return m.matches() ? m.group(1) : name;
  }

  /** Number of source lines from a method's first to its last instruction; 0 if it has none. */
  static int lines(MethodModel method) {
    CodeModel code = method.code().orElse(null);
    if (code == null) {
      return 0;
    }
    int first = Integer.MAX_VALUE;
    int last = 0;
    for (var element : code) {
      if (element instanceof LineNumber line) {
        first = Math.min(first, line.line());
        last = Math.max(last, line.line());
      }
    }
    return last == 0 ? 0 : last - first + 1;
  }

  /** Length of a method's bytecode. */
  static int bytes(MethodModel method) {
    return method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
  }

  private static String dotted(String internal) {
    return internal.replace('/', '.');
  }

  private static String relative(String name) {
    return name.substring(ROOT.length());
  }
}
