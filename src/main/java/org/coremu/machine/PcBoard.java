package org.coremu.machine;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coremu.device.acpi.PmTimer;
import org.coremu.device.acpi.PowerManagement;
import org.coremu.device.acpi.ResetControl;
import org.coremu.device.irq.InterruptBus;
import org.coremu.device.irq.IoApic;
import org.coremu.device.irq.IsaIrqs;
import org.coremu.device.irq.LocalApic;
import org.coremu.device.irq.Pic8259;
import org.coremu.device.pci.ConfigMechanism;
import org.coremu.device.pci.HostBridge;
import org.coremu.device.platform.DebugConsole;
import org.coremu.device.platform.FastControlPort;
import org.coremu.device.platform.FwCfg;
import org.coremu.device.platform.I8042;
import org.coremu.device.platform.SystemControlPort;
import org.coremu.device.rtc.CmosLayout;
import org.coremu.device.rtc.CmosRtc;
import org.coremu.device.timer.Hpet;
import org.coremu.device.timer.Pit8254;
import org.coremu.device.uart.Uart16550;
import org.coremu.exec.CodeCache;
import org.coremu.exec.Core;
import org.coremu.exec.Exclusive;
import org.coremu.exec.NativeCode;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Config;
import org.coremu.guest.x86.X86Helpers;
import org.coremu.guest.x86.X86Model;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.X86Topology;
import org.coremu.hw.Clock;
import org.coremu.hw.Inputs;
import org.coremu.hw.IrqLine;
import org.coremu.hw.PowerControl;
import org.coremu.hw.Saveable;
import org.coremu.machine.acpi.AcpiBoard;
import org.coremu.machine.acpi.AcpiDevice;
import org.coremu.mem.CodePages;
import org.coremu.mem.PhysicalBus;
import org.coremu.mem.PortBus;
import org.coremu.mem.Ram;

/**
 * The board {@code pc}: x86 cores with local APICs, and the devices of an ACPI PC without PCI.
 * Every device is one line with its address and its wires. With firmware ({@code -bios}) there are
 * also the devices by which it finds its way.
 */
final class PcBoard {
  private static final long HPET_BASE = 0xfed00000L;
  private static final long IO_APIC_BASE = 0xfec00000L;
  private static final long LOCAL_APIC_BASE = 0xfee00000L;
  private static final int PM_EVENT_PORT = 0x600;
  private static final int PM_CONTROL_PORT = 0x604;
  private static final int PM_TIMER_PORT = 0x608;
  private static final int RESET_PORT = 0xcf9;
  private static final int PCI_CONFIG = 0xcf8;
  private static final int DEBUG_CONSOLE = 0x402;
  private static final int FW_CFG = 0x510;
  private static final int SCI = 9;
  static final int COM1 = 0x3f8;
  private static final int COM1_IRQ = 4;
  private static final int HPET_CAPABILITIES = 0x80868201;
  private static final int HPET_MINIMUM_TICK = 128;

  /** Room for about 300,000 blocks, four times what a Linux boot needs; 256 MB at most. */
  private static final long CODE_CACHE_WORDS = 32 << 20;

  final PcMemory memory;
  final Ram ram;
  final PhysicalBus bus;
  final CodeCache codeCache;
  final List<Core> cores = new ArrayList<>();
  final List<LocalApic> localApics = new ArrayList<>();

  /** Devices whose state is part of the machine's, in a fixed order. */
  final List<Saveable<?>> devices = new ArrayList<>();

  private final PortBus ports = new PortBus();
  private final InterruptBus interrupts = new InterruptBus();
  private final MachineSpec spec;
  private final Clock clock;
  private final Inputs inputs;
  private final PowerControl power;

  PcBoard(
      MachineSpec spec,
      PcMemory memory,
      Arena arena,
      Clock clock,
      Inputs inputs,
      PowerControl power,
      Exclusive exclusive,
      Runnable tripleFault) {
    this.spec = spec;
    this.memory = memory;
    this.clock = clock;
    this.inputs = inputs;
    this.power = power;
    ram = new Ram(arena, memory.total());
    CodePages codePages = new CodePages(ram.size());
    bus = new PhysicalBus(ram, codePages);
    NativeCode nativeCode =
        spec.tier() == Tier.NATIVE
            ? new NativeCode(arena, spec.codeCacheBytes(), X86State.layout(), spec.codeListener())
            : null;
    codeCache = new CodeCache(ram, codePages, CODE_CACHE_WORDS, nativeCode);
    memory.map(bus);
    makeCores(arena, exclusive, tripleFault);
    makeDevices();
  }

  private void makeCores(Arena arena, Exclusive exclusive, Runnable tripleFault) {
    Topology t = spec.topology();
    for (int i = 0; i < t.cpus(); i++) {
      X86Topology place = new X86Topology(i, t.sockets(), t.cores(), t.threads());
      X86Config config =
          new X86Config(model(spec.cpu()), place, ports, clock, inputs, spec.log(), tripleFault);
      Core core =
          new Core(
              i,
              arena,
              X86.MMU_MODES,
              X86Helpers.TABLE,
              bus,
              codeCache,
              exclusive,
              c -> new X86(c, config));
      X86 x86 = X86.of(core);
      LocalApic apic =
          new LocalApic(
              place.apicId(), place.bootstrap(), X86.PHYSICAL_BITS, clock, x86.lines(), interrupts);
      x86.attach(apic, apic);
      interrupts.attach(apic);
      cores.add(core);
      localApics.add(apic);
    }
    codeCache.setCores(cores);
    devices.addAll(localApics);
    cores.forEach(core -> devices.add(X86.of(core)));
  }

  private static X86Model model(CpuModel cpu) {
    return switch (cpu) {
      case X86_64 -> X86Model.X86_64;
      case X86_64_V2 -> X86Model.X86_64_V2;
      case MAX -> X86Model.MAX;
    };
  }

  private void makeDevices() {
    IoApic ioApic = add(new IoApic(0, interrupts));
    Pic8259 pic = add(new Pic8259(localApics.getFirst().lint0()));
    IsaIrqs irqs = new IsaIrqs(pic, ioApic);
    interrupts.attach(ioApic);
    interrupts.attach(pic);
    Hpet hpet = add(new Hpet(clock, irqs.line(0), irqs.line(8), ioApicPins(ioApic)));
    Pit8254 pit = add(new Pit8254(clock, hpet.legacyInput0()));
    CmosRtc rtc = add(new CmosRtc(clock, inputs, hpet.legacyInput8(), cmos()));
    PmTimer pmTimer = new PmTimer(clock, 32);
    PowerManagement pm = add(new PowerManagement(clock, pmTimer, irqs.line(SCI), power));
    I8042 i8042 = add(new I8042(irqs.line(1), irqs.line(12), IrqLine.UNCONNECTED, power));
    FastControlPort port92 = add(new FastControlPort(IrqLine.UNCONNECTED, power));
    SystemControlPort port61 = add(new SystemControlPort(clock, pit::gate2, pit::output2));
    Uart16550 com1 =
        add(new Uart16550(clock, irqs.line(COM1_IRQ), spec.serial(), !spec.deterministic()));

    bus.mapDevice(IO_APIC_BASE, 0x1000, ioApic);
    bus.mapDevice(LOCAL_APIC_BASE, 0x100000, interrupts);
    bus.mapDevice(HPET_BASE, 0x400, hpet);
    ports.map(0x20, 2, pic.masterPorts());
    ports.map(0xa0, 2, pic.slavePorts());
    ports.map(0x4d0, 2, pic.levelPorts());
    ports.map(0x40, 4, pit);
    ports.map(0x60, 1, i8042);
    ports.map(0x61, 1, port61);
    ports.map(0x64, 1, new OffsetPorts(i8042, I8042.COMMAND_OFFSET));
    ports.map(0x70, 2, rtc);
    ports.map(0x92, 1, port92);
    ports.map(COM1, 8, com1);
    ports.map(PM_EVENT_PORT, 6, pm);
    ports.map(PM_TIMER_PORT, 4, pmTimer);
    ResetControl reset = add(new ResetControl(power));
    if (spec.bios().isPresent()) {
      makeFirmwareDevices(reset);
    } else {
      ports.map(RESET_PORT, 1, reset);
    }
  }

  /**
   * What only firmware looks for: a kernel that is booted directly is told by ACPI that there is no
   * PCI.
   */
  private void makeFirmwareDevices(ResetControl reset) {
    FwCfg fwCfg = add(FirmwareConfig.of(spec, memory));
    HostBridge hostBridge = add(new HostBridge());
    ConfigMechanism pci = add(new ConfigMechanism(reset).attach(0, 0, hostBridge));
    ports.map(DEBUG_CONSOLE, 1, new DebugConsole(new FirmwareLog(spec.log())));
    ports.map(FW_CFG, FwCfg.PORTS, fwCfg);
    ports.map(PCI_CONFIG, ConfigMechanism.PORTS, pci);
  }

  private <D extends Saveable<?>> D add(D device) {
    devices.add(device);
    return device;
  }

  /** The pins that HPET comparators may use: those no ISA interrupt has. */
  private static List<IrqLine> ioApicPins(IoApic ioApic) {
    List<IrqLine> pins = new ArrayList<>();
    for (int pin = 0; pin < IoApic.PINS; pin++) {
      pins.add(pin < 16 ? IrqLine.UNCONNECTED : ioApic.line(pin));
    }
    return pins;
  }

  private CmosLayout cmos() {
    CmosLayout layout = new CmosLayout();
    return layout.memory(memory.acpiBase(), memory.high()).cores(spec.topology().cpus());
  }

  /** Whether there are cores that only x2APIC ids can name. */
  boolean needsX2Apic() {
    return localApics.getLast().id() >= X86Topology.FIRST_X2APIC_ONLY_ID;
  }

  PortBus ports() {
    return ports;
  }

  /** What ACPI tells the guest of this board with so many cores. */
  static AcpiBoard acpi(Topology topology) {
    List<Integer> apicIds = new ArrayList<>();
    for (int i = 0; i < topology.cpus(); i++) {
      apicIds.add(
          new X86Topology(i, topology.sockets(), topology.cores(), topology.threads()).apicId());
    }
    return new AcpiBoard(
        apicIds,
        LOCAL_APIC_BASE,
        List.of(new AcpiBoard.IoApic(0, IO_APIC_BASE, 0)),
        List.of(
            new AcpiBoard.InterruptOverride(0, IsaIrqs.ioApicPin(0), false, false),
            new AcpiBoard.InterruptOverride(SCI, SCI, true, false)),
        new AcpiBoard.PowerBlocks(
            SCI,
            PM_EVENT_PORT,
            PM_CONTROL_PORT,
            PM_TIMER_PORT,
            true,
            0,
            0,
            true,
            PowerManagement.SLEEP_TYPE_S5,
            RESET_PORT,
            ResetControl.RESET_VALUE),
        Optional.of(new AcpiBoard.Hpet(HPET_BASE, HPET_CAPABILITIES, HPET_MINIMUM_TICK)),
        List.of(
            AcpiDevice.uart(1, COM1, COM1_IRQ),
            AcpiDevice.rtc(),
            AcpiDevice.pic(),
            AcpiDevice.timer(),
            AcpiDevice.hpet(HPET_BASE)),
        false);
  }
}
