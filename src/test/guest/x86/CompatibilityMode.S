# Compatibility mode: 32-bit and 16-bit code under 4-level paging, truncated addresses, faults through 64-bit gates.
# log: 23
# log: 34567890
# log: 5a
# log: e 4 0 40000000
# log: d 0 0
# log: 6 0 0
# log: ffff0001
# log: 2 3
# log: 8
# log: 33
#include "start.inc"
.macro TO_KERNEL32                 # from compatibility mode
  mov dword ptr [RESUME], offset 9f
  int 0x80
  .code64
9:
.endm
.macro TO_USER32
  push SEL_USER_DATA
  push USER_STACK_TOP
  push 2
  push SEL_USER32
  push offset 9f
  iretq
  .code32
9:
  mov ax, SEL_USER_DATA
  mov ds, ax
  mov es, ax
.endm
START
  TO_LONG
  movabs rbx, 0x1234567812345678
  mov byte ptr [0x20000], 0x5A
  TO_USER32
  mov esi, cs
  mov edi, 0xFFFFFFF0
  mov edx, [edi + 0x10010 + 0x10000]  # wraps at 4 GiB: 0x20000
  lea ecx, [ebx + 0x22222218]
  TO_KERNEL32
  LOG rsi
  mov eax, ecx
  LOG rax
  movzx eax, dl
  LOG rax
  TO_USER32
  TRY32 mov eax, [0x40000000]
  TO_KERNEL32
  mov rax, cr2
  LOG rax
  TO_USER32
  TRY32 hlt
  TRY32 .byte 0x0F, 0x0B
  xor ecx, ecx
  .byte 0x40                       # INC EAX here, not REX
  mov eax, 0xFFFF0000
  inc ax
  TO_KERNEL32
  LOG rax
  # 16-bit code at ring 0: a far call from 64-bit code and back
  mov eax, 1
  mov ecx, offset far_pointer
  rex64 call fword ptr [rcx]
  LOG rax
  LOG rbx
  mov rax, rsp
  mov rbx, STACK_TOP
  sub rbx, rax
  add rbx, 8
  LOG rbx
  mov eax, 0x33
  LOG rax
END
  .balign 8
far_pointer:
  .quad routine16
  .word SEL_CODE16
  .code16
routine16:
  inc ax
  mov bx, 3
  .byte 0xEA
  .word 1f, SEL_CODE64
  .code64
1:
  and ebx, 0xFFFF
  .byte 0x48, 0xCB                 # far return, 64-bit
#include "handlers.inc"
