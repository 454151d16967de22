package org.coremu.cli.debian;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.coremu.cli.option.HostFiles;
import org.coremu.machine.ConfigException;

/**
 * What {@code coremu boot} boots: Debian's current cloud kernel and static busybox, from the cache
 * or else from the package archive.
 *
 * @param kernel the bzImage's file
 * @param busybox the binary
 */
public record QuickStart(Path kernel, byte[] busybox) {
  private static final String KERNEL_PACKAGE = "linux-image-cloud-amd64";
  private static final String BUSYBOX_PACKAGE = "busybox-static";
  private static final Pattern KERNEL_NAME = Pattern.compile("linux-image-[0-9].*-cloud-amd64");
  private static final Pattern KERNEL_FILE = Pattern.compile("(\\./)?boot/vmlinuz-.*");
  private static final Pattern BUSYBOX_FILE = Pattern.compile("(\\./)?(usr/)?bin/busybox");
  private static final String ADVICE = "; pass -kernel FILE and -initrd FILE to boot without them";

  /** What package lists, packages and unpacked files take at most, with a third to spare. */
  private static final long DISK_SPACE = 96 << 20;

  /** The cache of the user this process runs as. */
  public static Path defaultCache() {
    return Cache.defaultDirectory(System.getenv(), System.getProperty("user.home"));
  }

  /**
   * Takes both from the cache, or fetches them.
   *
   * @param refresh whether to fetch the current versions even when the cache holds some
   * @param messages takes the progress of a long download
   * @throws ConfigException when they cannot be had, with one line that says why and what to pass
   */
  public static QuickStart prepare(Path cacheDirectory, boolean refresh, PrintStream messages) {
    Cache cache = new Cache(cacheDirectory);
    try {
      Optional<Map<String, byte[]>> cached = refresh ? Optional.empty() : cache.read();
      return of(cache, cached.isPresent() ? cached.get() : fetch(cache, refresh, messages));
    } catch (IOException e) {
      throw new ConfigException("cannot get a kernel and busybox (" + reason(e) + ")" + ADVICE, e);
    } catch (ConfigException e) {
      throw new ConfigException(
          "cannot get a kernel and busybox (" + e.getMessage() + ")" + ADVICE, e);
    }
  }

  private static QuickStart of(Cache cache, Map<String, byte[]> files) {
    String kernel = only(files, "vmlinuz");
    return new QuickStart(cache.directory().resolve(kernel), files.get(only(files, "busybox")));
  }

  private static String only(Map<String, byte[]> files, String prefix) {
    return files.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException("the cache has no " + prefix + "; --update fetches it again"));
  }

  private static Map<String, byte[]> fetch(Cache cache, boolean refresh, PrintStream messages)
      throws IOException {
    if (!AptClient.isInstalled()) {
      throw new ConfigException("this host has no apt-get");
    }
    try (FileChannel lock = cache.lock()) {
      Optional<Map<String, byte[]>> others = refresh ? Optional.empty() : cache.read();
      if (others.isPresent()) {
        return others.get();
      }
      Path work = cache.workDirectory();
      Thread cleaner = new Thread(() -> Cache.delete(work));
      Runtime.getRuntime().addShutdownHook(cleaner);
      try {
        cache.needSpace(DISK_SPACE);
        Map<String, byte[]> files = download(work, messages);
        cache.replace(files);
        return files;
      } finally {
        Cache.delete(work);
        removeHook(cleaner);
      }
    }
  }

  private static Map<String, byte[]> download(Path work, PrintStream messages) throws IOException {
    try (Progress progress = new Progress(messages, work, "fetching Debian's package lists")) {
      AptClient apt =
          new AptClient(Files.createDirectory(work.resolve("apt")), Path.of("/etc/apt"));
      apt.update();
      String kernelPackage = apt.dependency(KERNEL_PACKAGE, KERNEL_NAME);
      progress.step("fetching " + kernelPackage);
      Path kernelDeb = apt.download(kernelPackage);
      progress.step("fetching " + BUSYBOX_PACKAGE);
      Path busyboxDeb = apt.download(BUSYBOX_PACKAGE);
      progress.step("unpacking");
      Map<String, byte[]> files = new LinkedHashMap<>();
      files.put("vmlinuz-" + versionOf(kernelDeb), DebFile.extract(kernelDeb, KERNEL_FILE));
      files.put("busybox-" + versionOf(busyboxDeb), DebFile.extract(busyboxDeb, BUSYBOX_FILE));
      return files;
    }
  }

  /**
   * The version in a package's file name, without its epoch: name_epoch%3aversion_architecture.deb.
   */
  private static String versionOf(Path deb) {
    String[] parts = deb.getFileName().toString().split("_");
    return parts.length < 2
        ? "unknown"
        : parts[1].replaceFirst("^[0-9]+%3a", "").replaceAll("[^A-Za-z0-9.+~-]", "-");
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException f
        ? f.getFile() + ": " + HostFiles.reason(e)
        : e.getMessage();
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the JVM is ending and the hook does its work
    }
  }
}
