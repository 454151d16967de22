# REP string instructions: a fault in the middle leaves exact counts and pointers; both directions; address sizes; SCAS.
# log: e 2 0 fe0 20ff0 21000
# log: e 0 0 fff 21fff 20000
# log: 7 20fd0 22008
# log: 5 20005
# log: 1 2
# log: 0 20010 5a5a5a5a
#include "start.inc"
START
  TO_LONG
  mov edi, 0x20000
  mov ecx, 0x200
  mov eax, 0x5A5A5A5A
  rep stosq
  and dword ptr [PT_AT + 0x21 * 8], ~1
  invlpg [0x21000]
  mov esi, 0x10000
  mov edi, 0x20FF0
  mov ecx, 0x1000
  TRY rep movsw                     # 8 words fit
  sub ecx, 0x18
  LOG rcx
  sub edi, 0x10
  LOG rdi
  add edi, 0x10
  LOG rdi
  mov esi, 0x21FFF                  # downwards from an absent page
  mov edi, 0x20000
  mov ecx, 0x1000
  std
  TRY rep movsb
  cld
  dec ecx
  LOG rcx
  LOG rsi
  LOG rdi
  or dword ptr [PT_AT + 0x21 * 8], 1
  mov esi, 0x20FD0
  mov edi, 0x22000
  mov ecx, 8
  push rsi
  rep movsb
  pop rsi
  mov ecx, 8
  sub edi, 8
  push rsi
  lodsb
  scasb
  dec ecx
  LOG rcx
  pop rsi
  LOG rsi
  add edi, 7
  LOG rdi
  mov dword ptr [0x20000], 0x44434241
  mov dword ptr [0x20004], 0x48474645
  mov edi, 0x20000
  mov ecx, 10
  mov al, 'E'
  repne scasb
  LOG rcx
  LOG rdi
  mov esi, 0x20000
  mov edi, 0x23000
  mov dword ptr [0x23000], 0x44FF4241
  mov ecx, 4
  repe cmpsb
  LOG rcx
  and esi, 0xF
  dec esi
  LOG rsi
  movabs rcx, 0x1234567800000004    # an address-size prefix: ECX counts, EDI points
  movabs rdi, 0x100020000
  addr32 rep stosd
  LOG rcx
  LOG rdi
  mov rax, [0x20F00]
  LOG rax
END
#include "handlers.inc"
