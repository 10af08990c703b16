namespace Smxp.Plugins;

/// <summary>Settings with rules that attributes cannot say.</summary>
public interface IValidatedSettings
{
    /// <summary>Names each problem as (property path relative to this section, what to do about it). Pure.</summary>
    IEnumerable<(string Path, string Problem)> Validate();
}

/// <summary>For drivers that take no settings.</summary>
public sealed class NoSettings;
