#include <array>
#include <cstdio>
#include <string>

#include "benchmark/benchmark.h"
#include "quintile/kernels/isa.hpp"
#include "support/measure.hpp"
#include "support/read_bandwidth.hpp"

// main() of every benchmark: refuses an instruction set that cannot be had, and puts into the
// header of the report what its figures depend on.
int main(int argc, char** argv) {
  namespace kernels = quintile::kernels;
  const kernels::IsaError error = kernels::startup_error();
  if (error != kernels::IsaError::kNone) {
    std::array<char, 256> text;
    const auto sentence = kernels::describe(error, kernels::requested_name(), text);
    std::fprintf(stderr, "QUINTILE_ISA: %s\n", std::string(sentence).c_str());
    return 2;
  }
  if (!quintile::bench::take_contacts_option(argc, argv)) {
    std::fprintf(stderr, "--contacts: expected a number above 0\n");
    return 2;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const quintile::bench::ReadBandwidth& bound = quintile::bench::read_bandwidth();
  const auto gigabytes = [](double bytes) { return std::to_string(bytes / 1e9) + " GB/s"; };
  benchmark::AddCustomContext("instruction_set", std::string(kernels::name(kernels::active())));
  benchmark::AddCustomContext("read_bandwidth_one_core", gigabytes(bound.one_core));
  benchmark::AddCustomContext("read_bandwidth_all_cores", gigabytes(bound.all_cores));
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
