package org.coremu.machine.acpi;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.coremu.machine.acpi.AcpiBoard.Hpet;
import org.coremu.machine.acpi.AcpiBoard.InterruptOverride;
import org.coremu.machine.acpi.AcpiBoard.IoApic;
import org.coremu.machine.acpi.AcpiBoard.PowerBlocks;

/** A typical PC for the tests of this package. */
final class AcpiBoards {
  private AcpiBoards() {}

  static AcpiBoard pc(int cores, boolean processorDevices) {
    return new AcpiBoard(
        IntStream.range(0, cores).boxed().toList(),
        0xfee0_0000L,
        List.of(new IoApic(0, 0xfec0_0000L, 0)),
        List.of(
            new InterruptOverride(0, 2, false, false), new InterruptOverride(9, 9, true, false)),
        new PowerBlocks(9, 0x600, 0x604, 0x608, true, 0, 0, true, 5, 0xcf9, 6),
        Optional.of(new Hpet(0xfed0_0000L, 0x8086_a201, 100)),
        List.of(
            AcpiDevice.pic(),
            AcpiDevice.timer(),
            AcpiDevice.rtc(),
            AcpiDevice.uart(1, 0x3f8, 4),
            AcpiDevice.hpet(0xfed0_0000L),
            new AcpiDevice(
                "VIO0",
                "LNRO0005",
                0,
                List.of(
                    new AcpiDevice.Memory(0xfeb0_0000L, 0x200),
                    new AcpiDevice.GlobalInterrupt(16, true, false))),
            AcpiDevice.motherboard(
                List.of(new AcpiDevice.Ports(0x600, 12), new AcpiDevice.Ports(0xcf9, 1)))),
        processorDevices);
  }
}
