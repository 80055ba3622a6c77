#!/bin/sh
# Measures this machine's GPU in one command:
#
#     bench/gpu.sh [--allow-software] [--pairs N] [--peers DIR]
#
# Matrix products against the GPU's own multiply-adds, what a step costs the
# host, training against TensorFlow.js' own kernels, and against PyTorch where
# DIR has one with CUDA (deno task bench:setup makes DIR, .premise/bench).
# It installs nothing. The figures with command and driver, as nvidia-smi or
# vulkaninfo tells it, go to bench/results, and a table to bench/RESULTS.md.
#
# On an H100 products and steps took 2 minutes; training with the stock kernels
# takes longest, and is measured last.
set -eu
cd "$(dirname "$0")/.."

software=false pairs=7 peers=.premise/bench
while [ $# -gt 0 ]; do
  case $1 in
    --allow-software) software=true; shift ;;
    --pairs|--peers)
      if [ $# -lt 2 ]; then echo "error: $1 needs a value" >&2; exit 2; fi
      case $1 in
        --pairs) pairs=$2 ;;
        --peers) peers=$2 ;;
      esac
      shift 2 ;;
    -h|--help) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "error: there is no flag $1; --help shows them" >&2; exit 2 ;;
  esac
done

if ! command -v deno >/dev/null; then
  echo "error: there is no deno on the PATH; https://deno.com tells how to get it" >&2
  exit 2
fi
deno --version >&2

code=0
adapter=$(deno run -A bench/gpu/adapter.ts) || code=$?
echo "adapter: $adapter" >&2
case $code in
  0) ;;
  3) if ! $software; then
       echo "error: this adapter is a program on the CPU; install the GPU's Vulkan driver, or say --allow-software" >&2
       exit 1
     fi ;;
  *) echo "error: WebGPU finds no adapter; install the GPU's Vulkan driver" >&2
     exit 1 ;;
esac
cases="gpu-products gpu-steps gpu-profile"
if "$peers/torch/bin/python" -c \
  'import sys, torch; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
  cases="gpu-train-torch gpu-base-torch $cases"
else
  echo "no PyTorch with CUDA in $peers/torch: left out" >&2
fi

# Last, since the stock kernels are compiled anew for each batch's size.
# shellcheck disable=SC2086 # Words of their own.
exec deno task bench $cases gpu-train --pairs "$pairs" --peers "$peers"
