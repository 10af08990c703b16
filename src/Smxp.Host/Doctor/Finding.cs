namespace Smxp.Host.Doctor;

/// <summary>How well something is.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but not well, or not for everybody.</summary>
    Warning,

    /// <summary>Broken.</summary>
    Failure,

    /// <summary>Not looked at, and the detail says why.</summary>
    Skipped,
}

/// <summary>What a check found.</summary>
/// <param name="Verdict">How well it is.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Remedies">What to do about it, each a line: a DNS record to publish, or a step.</param>
internal sealed record Finding(Verdict Verdict, string Detail, params IReadOnlyList<string> Remedies)
{
    public static Finding Ok(string detail) => new(Verdict.Ok, detail);

    public static Finding Warning(string detail, params string[] remedies) => new(Verdict.Warning, detail, remedies);

    public static Finding Failure(string detail, params string[] remedies) => new(Verdict.Failure, detail, remedies);

    public static Finding Skipped(string why) => new(Verdict.Skipped, why);
}

/// <summary>A finding with the check and the domain it is of.</summary>
internal sealed record Diagnosis(string Domain, string Check, Verdict Verdict, string Detail, IReadOnlyList<string> Remedies);
