# CR0.TS, EM and MP, CR4.OSFXSR and OSXMMEXCPT: #NM, #UD, #MF and #XM.
# log: 7 0 0
# log: 7 0 0
# log: 7 0 0
# log: 7 0 0
# log: 6 0 0
# log: 6 0 0
# log: 10 0 0 8081
# log: 13 0 0
# log: 6 0 0
# log: 99
#include "start.inc"
START
  TO_LONG
  fninit
  mov rbx, cr0
  mov rax, rbx
  or eax, CR0_TS
  mov cr0, rax
  TRY fld1
  TRY xorps xmm0, xmm0
  TRY fwait                         # TS and MP
  TRY paddb mm0, mm0
  clts
  mov rax, rbx
  or eax, CR0_EM
  mov cr0, rax
  TRY xorps xmm0, xmm0
  mov cr0, rbx
  mov rbp, cr4
  mov rax, rbp
  and eax, ~CR4_OSFXSR
  mov cr4, rax
  TRY xorps xmm0, xmm0
  mov cr4, rbp
  # an unmasked x87 exception is raised by the next waiting instruction
  mov word ptr [0x20000], 0x37E
  fldcw [0x20000]
  mov dword ptr [0x20004], 0x7F800001
  mov dword ptr [0x20008], 0x3F800000
  fld dword ptr [0x20008]
  fadd dword ptr [0x20004]          # a signaling NaN
  mov ecx, 1
  TRY fwait
  fnstsw ax
  and eax, 0x8081                   # B, ES, IE
  LOG rax
  fnclex
  fninit
  mov dword ptr [0x20000], 0x1F00   # invalid operation unmasked
  ldmxcsr [0x20000]
  movss xmm0, [0x20004]
  TRY addss xmm0, xmm0
  mov rax, rbp
  and eax, ~CR4_OSXMMEXCPT
  mov cr4, rax
  TRY addss xmm0, xmm0
  mov eax, 0x99
  LOG rax
END
#include "handlers.inc"
