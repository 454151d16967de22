package org.coremu.machine.boot;

import java.util.ArrayList;
import java.util.List;

/**
 * A file that is loaded beside the kernel.
 *
 * @param file the contents
 * @param arguments the module's own command line (multiboot, PVH); may be empty
 */
public record BootModule(ImageFile file, String arguments) {
  /**
   * Parses a module list as multiboot users write it: {@code "a.bin arg1 arg2,b.bin"}. A comma
   * inside a name or an argument is written twice.
   *
   * @param option the value of {@code -initrd}
   * @throws org.coremu.machine.ConfigException when a file cannot be read or a name is empty
   */
  static List<BootModule> parseList(String option) {
    List<BootModule> modules = new ArrayList<>();
    for (String item : splitAtSingleCommas(option)) {
      int space = item.indexOf(' ');
      String name = space < 0 ? item : item.substring(0, space);
      String arguments = space < 0 ? "" : item.substring(space + 1);
      modules.add(new BootModule(ImageFile.open(name, "module"), arguments));
    }
    return modules;
  }

  private static List<String> splitAtSingleCommas(String text) {
    List<String> items = new ArrayList<>();
    StringBuilder item = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ',') {
        item.append(c);
      } else if (i + 1 < text.length() && text.charAt(i + 1) == ',') {
        item.append(c);
        i++;
      } else {
        items.add(item.toString());
        item.setLength(0);
      }
    }
    items.add(item.toString());
    return items;
  }
}
