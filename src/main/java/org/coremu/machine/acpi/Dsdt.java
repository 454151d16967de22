package org.coremu.machine.acpi;

import java.util.ArrayList;
import java.util.List;

/** The DSDT: how to switch off, the cores, and the devices that cannot be found by probing. */
final class Dsdt {
  /** Revision 2: integers are 64 bits wide. */
  private static final int REVISION = 2;

  private Dsdt() {}

  static byte[] build(AcpiBoard board) {
    return TableWriter.table("DSDT", REVISION)
        .bytes(softOff(board))
        .bytes(systemBus(board))
        .finish();
  }

  private static byte[] softOff(AcpiBoard board) {
    byte[] type = Aml.integer(board.power().softOffType());
    byte[] zero = Aml.integer(0);
    return Aml.name("_S5", Aml.packageOf(List.of(type, type, zero, zero)));
  }

  private static byte[] systemBus(AcpiBoard board) {
    List<byte[]> terms = new ArrayList<>();
    if (board.processorDevices()) {
      for (int uid = 0; uid < board.apicIds().size(); uid++) {
        terms.add(processor(uid));
      }
    }
    for (AcpiDevice device : board.devices()) {
      terms.add(device(device));
    }
    return Aml.scope("_SB", Aml.join(terms));
  }

  private static byte[] processor(int uid) {
    byte[] body =
        Aml.join(
            List.of(
                Aml.name("_HID", Aml.hardwareId("ACPI0007")), Aml.name("_UID", Aml.integer(uid))));
    return Aml.device("C%03X".formatted(uid), body);
  }

  private static byte[] device(AcpiDevice device) {
    byte[] body =
        Aml.join(
            List.of(
                Aml.name("_HID", Aml.hardwareId(device.hardwareId())),
                Aml.name("_UID", Aml.integer(device.uid())),
                Aml.name("_CRS", Aml.resourceTemplate(device.resources()))));
    return Aml.device(device.name(), body);
  }
}
