# CPUID agrees with what works: for each optional feature, the bit and whether the instruction raises #UD are compared.
# The log gets one entry a feature, 0 if they agree.
# log: 0 0 0 0 0 0 0 0 0 0
# log: 1
#include "start.inc"
.macro FEATURE leaf, register, bit, insn:vararg
  mov eax, \leaf
  xor ecx, ecx
  cpuid
  shr \register, \bit
  and \register, 1
  mov r14d, \register
  mov r13, r15                      # the handler logs three entries if it faults
  mov eax, 0x20000
  mov ebx, 0x20000
  xor ecx, ecx
  xor edx, edx
  TRY \insn
  xor eax, eax
  cmp r15, r13
  sete al                           # 1 if it did not fault
  mov r15, r13
  xor eax, r14d
  LOG rax
.endm
START
  TO_LONG
  mov rax, cr4
  or eax, CR4_FSGSBASE
  mov cr4, rax
  FEATURE 1, ecx, 23, popcnt eax, ebx
  FEATURE 1, ecx, 20, crc32 eax, ebx
  FEATURE 1, ecx, 1, pclmulqdq xmm0, xmm1, 0
  FEATURE 1, ecx, 25, aesenc xmm0, xmm1
  FEATURE 1, ecx, 22, movbe eax, [rbx]
  FEATURE 1, ecx, 30, rdrand eax
  FEATURE 7, ebx, 18, rdseed eax
  FEATURE 7, ebx, 0, rdfsbase rax
  FEATURE 0x80000001, edx, 27, rdtscp
  FEATURE 7, ebx, 20, clac
  mov eax, 0x80000001
  cpuid
  bt edx, 29                        # long mode
  setc al
  movzx eax, al
  LOG rax
END
#include "handlers.inc"
