// A library that Wine 8 lacks, and that Node for Windows loads: random numbers.
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T length) { return SystemFunction036(to, (ULONG)length); }
BOOL WINAPI DllMain(HINSTANCE library, DWORD reason, LPVOID other) { return TRUE; }
