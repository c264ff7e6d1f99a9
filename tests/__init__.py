import os

# Threads of OpenBLAS and OpenMP sleep as soon as they have nothing to do. Otherwise they run on for
# a while, which takes half of the time of a small model. Set before anything loads the libraries.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")  # 2⁴ cycles
os.environ.setdefault("GOMP_SPINCOUNT", "0")
