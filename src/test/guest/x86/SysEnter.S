# SYSENTER from 64-bit code and SYSEXIT to it; #GP(0) without a code segment and outside ring 0.
# log: d 0 0
# log: 18 20 7400 2
# log: 3b 43
# log: d 0 0
#include "start.inc"
.set SYSENTER_CS, 0x174
.set SYSENTER_ESP, 0x175
.set SYSENTER_EIP, 0x176
START
  TO_LONG
  # SYSEXIT to 64-bit code loads CS with SYSENTER_CS + 32 and SS with + 40, both with RPL 3; only fixed attributes count
  TRY sysenter                      # SYSENTER_CS is null
  mov ecx, SYSENTER_CS
  mov eax, SEL_CODE64
  xor edx, edx
  wrmsr
  mov ecx, SYSENTER_ESP
  mov eax, 0x7400
  wrmsr
  mov ecx, SYSENTER_EIP
  mov eax, offset entry
  wrmsr
  TO_USER
  sysenter
user:
  mov eax, cs
  LOG rax
  mov eax, ss
  LOG rax
  mov qword ptr [ATTEMPT], offset 1f
  mov qword ptr [RESUME], offset 2f
1:
  .byte 0x48, 0x0F, 0x35            # SYSEXIT outside ring 0
END

entry:
  mov eax, cs
  LOG rax
  mov eax, ss
  LOG rax
  LOG rsp
  pushfq
  pop rax
  LOG rax
  movabs rax, 0x00AFFB000000FFFF
  mov [gdt + 0x38], rax             # the slot of the TSS, which is loaded already, becomes user code for IRET
  movabs rax, 0x00CFF3000000FFFF
  mov [gdt + 0x40], rax
  mov ecx, USER_STACK_TOP
  mov edx, offset user
  .byte 0x48, 0x0F, 0x35
2:
  TO_KERNEL
END
#include "handlers.inc"
