using System.ComponentModel.DataAnnotations;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>Section <c>Ledger</c>: what is remembered of every mail that came or went.</summary>
public sealed class LedgerSettings
{
    /// <summary>How many days the ledger's lines are kept. What makes a repeated mail harmless, and originals, are not the ledger's and stay.</summary>
    [Range(1, 3650)]
    public int Days { get; set; } = 90;
}
