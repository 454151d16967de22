/* A multiboot kernel that greets on COM1, gives back what it reads in capitals, and switches the machine off after a line. */
        .code32
        .section .text
        .globl _start
        .align 4
header: .long 0x1badb002, 0, -0x1badb002
_start: mov     $stack, %esp
        mov     $greeting, %esi
greet:  lodsb
        test    %al, %al
        jz      read
        call    put
        jmp     greet
read:   mov     $0x3fd, %dx
        in      %dx, %al
        test    $1, %al
        jnz     got
        pause
        jmp     read
got:    mov     $0x3f8, %dx
        in      %dx, %al
        cmp     $'a', %al
        jb      1f
        cmp     $'z', %al
        ja      1f
        sub     $0x20, %al
1:      mov     %al, %bl
        call    put
        cmp     $'\n', %bl
        jne     read
        mov     $0x604, %dx
        mov     $0x2000, %ax
        out     %ax, %dx
halt:   hlt
        jmp     halt
put:    mov     %al, %ah
        mov     $0x3fd, %dx
2:      in      %dx, %al
        test    $0x20, %al
        jz      2b
        mov     $0x3f8, %dx
        mov     %ah, %al
        out     %al, %dx
        ret
greeting: .asciz "ready\n"
        .bss
        .space  4096
stack:
