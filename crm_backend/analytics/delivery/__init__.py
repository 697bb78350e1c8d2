"""When parcels arrive: how likely one is late, the likeliest day, and the day by which nearly all are there.

`landmarks` says what was known of each parcel when it reached each stage, `features` describes that in numbers,
`model` fits how likely a parcel of that kind arrives on each day that follows, `forecast` reads one parcel's days off
the fitted curve, and `step` does all of it in a run of the analysis. What comes before `step` is pure: frames in,
frames out.
"""
