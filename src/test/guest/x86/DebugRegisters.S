# Debug registers: execution and data breakpoints, DR6, single step, the shadow of MOV SS, INT1, general detect.
# log: 1 0 0 ffff0ff1
# log: 1 0 0 ffff0ff2
# log: ffff0ff0
# log: 1 0 0 ffff4ff0
# log: 1 0 0
# log: 1 0 0 ffff2ff0
# log: 6 0 0
# log: 55
#include "start.inc"
.macro LOG_DR6
  mov rax, dr6
  LOG rax
  mov eax, 0xFFFF0FF0
  mov dr6, rax
.endm
.macro EXPECT at, next
  mov qword ptr [ATTEMPT], offset \at
  mov qword ptr [RESUME], offset \next
.endm
START
  TO_LONG
  mov eax, offset 1f
  mov dr0, rax
  mov eax, 0x20004
  mov dr1, rax
  mov eax, 0x701 | 4 | 0xD00000     # DR0: execution; DR1: write of 4 bytes
  mov dr7, rax
  EXPECT 1f, 2f
  nop
1:
  nop                               # a fault: before the instruction
2:
  LOG_DR6
  EXPECT 3f, 3f
  mov ecx, 1
  mov [0x20006], cl                 # a trap: after it
3:
  LOG_DR6
  mov al, [0x20004]                 # a read is not a write
  mov [0x20008], eax
  LOG_DR6
  xor eax, eax
  mov dr7, rax
  EXPECT 4f, 4f
  pushfq
  or dword ptr [rsp], 0x100
  popfq
  nop
4:
  LOG_DR6
  # a trap pending over MOV SS waits for the end of the next instruction
  EXPECT 5f, 5f
  mov ecx, SEL_DATA
  pushfq
  or dword ptr [rsp], 0x100
  popfq
  mov ss, ecx
  nop
5:
  mov eax, 0xFFFF0FF0
  mov dr6, rax
  mov eax, 0x2000                   # GD
  mov dr7, rax
  TRY mov rax, dr0
  LOG_DR6
  mov rax, cr4
  or eax, CR4_DE
  mov cr4, rax
  TRY .byte 0x0F, 0x21, 0xE0        # MOV RAX, DR4 with CR4.DE
  mov eax, 0x55
  LOG rax
END
#include "handlers.inc"
