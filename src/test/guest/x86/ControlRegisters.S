# Writes to CR0, CR3, CR4, EFER and MSRs that must fault with #GP(0) and change nothing; reads that must not.
# log: d 0 0
# log: d 0 0
# log: d 0 0
# log: d 0 0
# log: d 0 0
# log: d 0 0
# log: d 0 0
# log: d 0 0
# log: d 0 0
# log: d 0 0
# log: 80010033 620 1000 d01
# log: 0 0
# log: d 0 0
# log: d 0 0
# log: d 0 0
#include "start.inc"
START
  TO_LONG
  mov rbx, cr0
  mov rax, rbx
  and eax, ~CR0_PE                  # PG without PE
  TRY mov cr0, rax
  mov rax, rbx
  or eax, 0x20000000                # NW without CD
  TRY mov cr0, rax
  movabs rax, 0x100000000
  or rax, rbx
  TRY mov cr0, rax                  # bits 63:32
  mov rbx, cr4
  mov rax, rbx
  and eax, ~CR4_PAE                 # in long mode
  TRY mov cr4, rax
  mov rax, rbx
  bts rax, 31                       # reserved
  TRY mov cr4, rax
  mov rax, rbx
  or eax, CR4_PCIDE                 # with CR3's low 12 bits not 0
  mov ecx, PML4_AT + 8
  mov cr3, rcx
  TRY mov cr4, rax
  mov ecx, PML4_AT
  mov cr3, rcx
  movabs rax, 0x8000000000001000    # bit 63 without PCIDE
  TRY mov cr3, rax
  mov ecx, MSR_EFER
  rdmsr
  and eax, ~EFER_LME                # LME while paging is on
  TRY wrmsr
  rdmsr
  or eax, 2                         # reserved
  TRY wrmsr
  mov ecx, 0x12345678
  TRY rdmsr
  mov rax, cr0
  LOG rax
  mov rax, cr4
  LOG rax
  mov rax, cr3
  LOG rax
  mov ecx, MSR_EFER
  rdmsr
  LOG rax
  # CR8 is the APIC's task priority
  mov rax, cr8
  LOG rax
  sidt [0x20000]
  movzx eax, word ptr [0x20000]
  sub eax, 0xFFF
  LOG rax
  TO_USER
  TRY mov rax, cr0
  TRY lidt [0x20000]
  TRY invlpg [0x20000]
  TO_KERNEL
END
#include "handlers.inc"
