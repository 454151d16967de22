# 32-bit protected mode: ring 3 through IRET, a call gate with parameters and back, gates of too little privilege.
# log: 23 2b
# log: 1b 18
# log: 11 22
# log: 23
# log: d 33a 0
# log: d 0 0
# log: 80
#include "start.inc"
START
  TO_PROTECTED
  # 0x58: call gate, DPL 3, two parameters, to routine
  mov eax, offset routine
  mov word ptr [free_descriptors], ax
  mov word ptr [free_descriptors+2], SEL_CODE32
  mov word ptr [free_descriptors+4], 0xEC02
  mov word ptr [free_descriptors+6], 0
  and byte ptr [IDT_AT + 8 * 0x67 + 5], ~0x60
  mov eax, STACK_TOP - 0x800
  push SEL_USER_DATA
  push eax
  push 2
  push SEL_USER32
  push offset user
  iretd
user:
  mov ax, SEL_USER_DATA
  mov ds, ax
  mov es, ax
  mov eax, cs
  LOG32 eax
  mov eax, ss
  LOG32 eax
  push 0x11
  push 0x22
  .byte 0x9A
  .long 0
  .word SEL_FREE | 3
  mov eax, cs
  LOG32 eax
  TRY32 int 0x67
  TRY32 cli
  mov dword ptr [RESUME], offset 1f
  int 0x80
1:
  mov eax, 0x80
  LOG32 eax
END

routine:                    # on the ring 0 stack: return EIP and CS, parameters, ESP and SS
  mov eax, [esp+4]
  sub eax, 8
  LOG32 eax
  mov eax, ss
  add eax, 8
  LOG32 eax
  mov eax, [esp+12]
  LOG32 eax
  mov eax, [esp+8]
  LOG32 eax
  retf 8
#include "handlers.inc"
