# FS and GS bases: MSRs, SWAPGS, the FSGSBASE instructions, null selectors in 64-bit mode, non-canonical bases.
# log: 11 22 33
# log: 22 11
# log: d 0 0
# log: d 0 0
# log: 6 0 0
# log: 21000 22000
# log: 0 22000
# log: 44
# log: d 0 0
#include "start.inc"
.macro WRITE_MSR number, value
  mov ecx, \number
  mov eax, \value
  xor edx, edx
  wrmsr
.endm
START
  TO_LONG
  mov qword ptr [0x21008], 0x11
  mov qword ptr [0x22008], 0x22
  mov qword ptr [0x23008], 0x33
  WRITE_MSR MSR_FS_BASE, 0x21000
  WRITE_MSR MSR_GS_BASE, 0x22000
  WRITE_MSR MSR_KERNEL_GS_BASE, 0x23000
  mov rax, fs:[8]
  LOG rax
  mov rax, gs:[8]
  LOG rax
  swapgs
  mov rax, gs:[8]
  LOG rax
  swapgs
  mov rax, gs:[8]
  LOG rax
  mov ebx, 8
  mov rax, fs:[rbx]
  LOG rax
  mov edx, 0x8000
  mov ecx, MSR_GS_BASE
  TRY wrmsr                         # 0x8000_xxxx_xxxx is not canonical
  TO_USER
  TRY swapgs
  TRY rdfsbase rax                  # #UD without CR4.FSGSBASE
  TO_KERNEL
  mov rax, cr4
  or eax, CR4_FSGSBASE
  mov cr4, rax
  TO_USER
  rdfsbase rax
  LOG rax
  rdgsbase rbx
  LOG rbx
  mov edx, 0
  wrfsbase rdx
  rdfsbase rax
  LOG rax
  rdgsbase rbx
  LOG rbx
  mov qword ptr [0x24008], 0x44
  mov edx, 0x24000
  wrgsbase rdx
  mov rax, gs:[8]
  LOG rax
  movabs rdx, 0x8000000000000000
  TRY wrgsbase rdx
  TO_KERNEL
END
#include "handlers.inc"
