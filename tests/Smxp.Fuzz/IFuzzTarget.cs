namespace Smxp.Fuzz;

/// <summary>A piece of the product that strangers feed.</summary>
internal interface IFuzzTarget
{
    /// <summary>What cases are made from.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Words that mean something to it.</summary>
    IReadOnlyList<byte[]> Words { get; }

    /// <summary>Runs one case, and throws where something is wrong: what the product threw, or a <see cref="WrongOutcomeException"/>. Never twice at a time.</summary>
    Task RunAsync(byte[] input);
}

/// <summary>The product threw nothing, and yet did what it must not.</summary>
internal sealed class WrongOutcomeException(string message) : Exception(message)
{
    /// <summary>Throws where something that must hold does not.</summary>
    public static void Unless(bool holds, string rule)
    {
        if (!holds) throw new WrongOutcomeException(rule);
    }
}
