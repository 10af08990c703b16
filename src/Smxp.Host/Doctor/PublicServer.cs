using Smxp.Protocol;

namespace Smxp.Host.Doctor;

/// <summary>Where the world should find the server.</summary>
internal sealed record PublicServer(string Host, int Port)
{
    /// <summary>By the record the server wants published; null where it says nothing of use.</summary>
    public static PublicServer? Of(Patient patient) =>
        ServiceBinding.TryParse(patient.Records.Service.Value, out var binding) ? new PublicServer(binding.TargetName.TrimEnd('.'), binding.Port ?? 443) : null;
}
