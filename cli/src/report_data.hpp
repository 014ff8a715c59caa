// From one finished run to the values that the report page shows.
#pragma once

#include "report/page_data.hpp"
#include "rfm_run.hpp"

namespace quintile::cli {

[[nodiscard]] Outcome fill_report_data(const RfmRun& run, const Summary& summary,
                                       report::PageData& data);

}  // namespace quintile::cli
