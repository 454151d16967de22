# SYSCALL and SYSRET in 64-bit and compatibility mode, their selectors and flags; SYSENTER is not tried here.
# log: 18 20 46 cd7 0
# log: 33 2b cd7
# log: 23 2b
# log: 6 0 0
# log: d 0 0
#include "start.inc"
.set SYSRET_BASE, 0x20              # SYSRET to 64-bit code: CS = base + 16, SS = base + 8, both with RPL 3
START
  TO_LONG
  mov ecx, MSR_STAR
  xor eax, eax
  mov edx, (SYSRET_BASE | 3) << 16 | SEL_CODE64
  wrmsr
  mov ecx, MSR_LSTAR
  mov eax, offset kernel
  xor edx, edx
  wrmsr
  mov ecx, MSR_FMASK
  mov eax, 0xE91
  wrmsr
  # SYSCALL loads SS with CS + 8: slot 0x20 is flat anyway
  TO_USER
  push 0xED7
  popfq                             # IF is not ours to set
  syscall
back:
  mov eax, cs
  LOG rax
  mov eax, ss
  LOG rax
  pushfq
  pop rax
  LOG rax
  TO_KERNEL
  # back to compatibility mode: SYSRET with 32-bit operand size
  mov ecx, offset compatibility
  mov r11d, 2
  .byte 0x0F, 0x07
  .code32
compatibility:
  mov eax, SEL_USER_DATA            # IRET to ring 3 has made DS null
  mov ds, eax
  mov eax, cs
  mov ebx, ss
  mov dword ptr [RESUME], offset 1f
  int 0x80
  .code64
1:
  LOG rax
  LOG rbx
  mov ecx, MSR_EFER
  rdmsr
  and eax, ~EFER_SCE
  wrmsr
  TRY syscall
  or eax, EFER_SCE
  wrmsr
  TO_USER
  TRY .byte 0x48, 0x0F, 0x07        # SYSRET outside ring 0
  TO_KERNEL
END

kernel:
  mov eax, cs
  LOG rax
  mov eax, ss
  LOG rax
  pushfq
  pop rax
  LOG rax
  LOG r11
  mov rax, rcx
  sub rax, offset back
  LOG rax
  .byte 0x48, 0x0F, 0x07            # SYSRET to 64-bit code
#include "handlers.inc"
